# The pages that a project names, one a line of `web_pages`: nothing else is requested. Of each up
# to a MiB is read, and all of them take no longer than three times `patience`.

[ -z "$web_pages" ] || pages_end=$(($(date +%s) + 3 * ${patience%.*} + 3))
unset SSLKEYLOGFILE # a file into which programs would write

# page SCHEME ADDRESS PORT HOST PATH HEADERS PATTERN TOLD: its status, headers and what matches.
page() {
    [ "$(date +%s)" -le "$pages_end" ] || { echo 'no time was left' >&2 && return 1; }
    host=$4 path=$5 headers=$6 pattern=$7 told=$8
    # shellcheck disable=SC2046 -- three words
    set -- $(place "$@")
    answer=$({ requested "$@" "${host:-$2}" "$path" && printf '\nwhole'; } | head -c 1048576 | tr -d '\000\r')
    while case ${answer%%"$line_end"*} in HTTP/*' 1'[0-9][0-9]*) ;; *) false ;; esac; do
        answer=${answer#*"$line_end$line_end"} # early hints: the answer is still to come
    done
    case $answer in HTTP/*"${line_end}whole") cut= ;; HTTP/*) cut=1 ;; *) return 1 ;; esac
    printf '%s\n' "$answer" | head_of_answer | mask
    [ -z "$pattern" ] || matched
}

[ -z "$web_pages" ] || printf '%s\n' "$web_pages" | while IFS=$field read -r called scheme address port host path headers pattern told; do
    section "$called" page "$scheme" "$address" "$port" "$host" "$path" "$headers" "$pattern" "$told"
done
