# The PHPs of crontabs, units and workers that are not the command line's: "KIND PROGRAM PLACE OPTION…".
usual=$(readlink -f "$(command -v php)" 2>/dev/null)

called() {
    grep -n '^[[:blank:]]*[^#]' /etc/crontab /etc/cron.d/* /var/spool/cron/* \
        /var/spool/cron/crontabs/* /dev/null 2>/dev/null | called_in cron
    grep -n '^Exec' /dev/null /etc/systemd/system/*.service /usr/local/lib/systemd/system/*.service \
        /usr/lib/systemd/system/*.service 2>/dev/null | called_in systemd
}
# "KIND WORD FILE:LINE PATH" for each word that is a PHP; PATH as the file sets it.
called_in() {
    awk -v kind="$1" '{ split($0, at, ":"); sub(/^[^:]*:[0-9]*:/, "") }
        sub(/^[ \t]*PATH[ \t]*=[ \t]*/, "") { gsub(/["'\'' ]/, ""); path[at[1]] = $0; next }
        { sub(/^Exec[A-Za-z]*=[-@:+!]*/, "")
          for (n = 1; n <= NF; n++) if ($n ~ /(^|\/)php[0-9.]*$/)
            print kind, $n, at[1] ":" at[2], path[at[1]] ? path[at[1]] : "/usr/bin:/bin" }'
}
workers() {
    echo "$processes" | awk -F "$(printf '\037')" '{ at = index($1, " "); word = substr($1, at + 1)
        if (word !~ /(^|\/)php[0-9.]*$/) next
        printf "%s %s", substr($1, 1, at - 1), word
        for (n = 2; n <= NF && $n ~ /^-[cdn]/; n++) { printf " %s", $n; if ($n ~ /^-[cd]$/) printf " %s", $(++n) }; print "" }'
}
other() { [ -n "$1" ] && [ "$(readlink -f "$1")" != "$usual" ]; }
other_phps() {
    called | while read -r kind word at path; do
        program=$(PATH=$path command -v "$word")
        ! other "$program" || echo "$kind $program $at"
    done
    workers | while read -r pid word options; do
        program=$(readlink "/proc/$pid/exe" || command -v "$word")
        ! here "$pid" || { ! other "$program" && [ -z "$options" ]; } || echo "worker $program $pid $options"
    done 2>/dev/null
}
others=$(other_phps | sort -u -k 1,2)
printf '%s\n' "$others" | while read -r kind program place options; do
    [ -z "$kind" ] || section "php-job $kind: $program" ask_job "$place" "$program" $options
done
jobs() { printf '%s\n' "$others" | mask; }
section jobs jobs
