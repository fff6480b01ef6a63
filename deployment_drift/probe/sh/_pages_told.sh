# What of a page's answer is told: `answer` whole, or `cut`, its `headers`, and what matches `pattern`.

# Of a cookie only the name and the attributes are told.
head_of_answer() {
    awk -v wanted=",$headers," 'NR == 1 { print "status " $2; next }
        /^$/ { over = 1 }
        !over && (at = index($0, ":")) { name = tolower(substr($0, 1, at - 1)); value = substr($0, at + 1)
            if (!index(wanted, "," name ",")) next
            sub(/^[ \t]+/, "", value)
            if (name == "set-cookie") { sub(/=[^;]*/, "=*", value); gsub(/[Ee]xpires=[^;]*/, "expires", value) }
            print "header " name ": " value }'
}

# What stands before a match on its line can say that it is a secret.
matched() {
    body=$(printf '%s\n' "${answer%"$line_end"whole}" | sed '1,/^$/d')
    match=$(printf '%s\n' "$body" | patiently grep -m 1 -oE -e "$pattern")
    found=$? match=${match%%"$line_end"*}
    [ "$found" -lt 2 ] && [ "${#match}" -le 1000 ] || { echo 'the pattern takes too long, or matches too much' >&2 && return 1; }
    [ "$match" ] || { [ -z "$cut" ] || ! echo 'the answer was cut off' >&2; return; }
    context=$(printf '%s\n' "$body" | match=$match awk '(at = index($0, ENVIRON["match"])) {
        from = at > 80 ? at - 80 : 1; print substr($0, from, at - from) "."; exit }')
    context=${context%.}
    masked=$(printf '%s\n' "$context$match" | mask)
    case $masked in
        *"$match") printf '%s\n' "$match" | sed -nE "s$field^($pattern)\$${field}body $told${field}p" ;;
        "$context"*) printf '%s\n' "body ${masked#"$context"}" ;;
        *) printf '%s\n' "body <secret${masked##*<secret}" ;;
    esac
}
