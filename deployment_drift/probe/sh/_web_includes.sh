# How the files of a configuration are found that it includes.

# following FILE BASE APART: a configuration file and all that it includes, one a line. Relative
# names start at BASE; APART is what stands between two directives, beside the end of a line.
following() {
    listed=$1
    wanted=$1
    IFS=$line_end
    while [ "$wanted" ]; do
        new=
        # shellcheck disable=SC2086 -- a file a line, and the patterns are to be expanded
        for file in $(included "$2" "$3" $wanted); do
            case "$line_end$listed$line_end" in *"$line_end$file$line_end"*) continue ;; esac
            [ -f "$file" ] || { [ -d "${file%/*}" ] && [ ! -r "${file%/*}" ]; } || continue
            listed=$listed$line_end$file
            [ ! -r "$file" ] || new=$new$line_end$file
        done
        wanted=$new
    done
    echo "$listed"
}

# included BASE APART FILE...: the names and patterns behind "include" in these files.
included() {
    base=$1
    apart=$2
    shift 2
    awk -v base="$base" -v apart="$apart" '{
        sub(/(^|[ \t])#.*/, "")
        count = split($0, part, apart)
        for (i = 1; i <= count; i++) if (tolower(part[i]) ~ /^[ \t]*include(optional)?[ \t]/) {
            sub(/^[ \t]*[^ \t]+[ \t]+/, "", part[i])
            gsub(/["\047]|[ \t\r]+$/, "", part[i])
            print (part[i] ~ /^\// ? "" : base "/") part[i]
        }
    }' "$@"
}
