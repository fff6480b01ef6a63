# The PHPs of crontabs, units, workers and servers that are not the command line's, as lines of
# "KIND PROGRAM PLACE OPTION…".
usual=$(readlink -f "$(command -v php)" 2>/dev/null)
crontabs='/etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/*'
units='/etc/systemd/system/*.service /etc/systemd/system/*.service.d/*.conf
/usr/local/lib/systemd/system/*.service /usr/lib/systemd/system/*.service'

open_jobs() { for file in $crontabs $units; do ! closed "$file" || { echo "$file" >&2 && return 43; }; done; }
called() {
    grep -n '^[[:blank:]]*[^#]' $crontabs /dev/null 2>/dev/null | called_in cron
    grep -n '^Exec' $units /dev/null 2>/dev/null | called_in systemd
}
# "KIND WORD FILE:LINE PATH" for each word that is a PHP; PATH as the file sets it.
called_in() {
    awk -v kind="$1" '{ split($0, at, ":"); sub(/^[^:]*:[0-9]*:/, "") }
        sub(/^[ \t]*PATH[ \t]*=[ \t]*/, "") { gsub(/["'\'' ]/, ""); path[at[1]] = $0; next }
        { sub(/^Exec[A-Za-z]*=[-@:+!]*/, "")
          for (n = 1; n <= NF; n++) if ($n ~ /(^|\/)php[0-9.]*$/)
            print kind, $n, at[1] ":" at[2], path[at[1]] ? path[at[1]] : "/usr/bin:/bin" }'
}
other() { [ -n "$1" ] && [ "$(readlink -f "$1")" != "$usual" ]; }
other_phps() {
    called | while read -r kind word at path; do
        program=$(PATH=$path command -v "$word")
        ! other "$program" || echo "$kind $program $at"
    done
    serving_phps | while read -r kind pid word options; do
        program=$(readlink "/proc/$pid/exe" || command -v "$word")
        ! here "$pid" || { [ "$kind" = worker ] && ! other "$program" && [ -z "$options" ]; } ||
            echo "$kind $program $pid $options"
    done 2>/dev/null
}
others=$(other_phps | sort -k 1,2 -k 4 | awk '{ at = $3; $3 = ""; if (seen[$0]++) next
    n = ++same[$1 $2]; $3 = at; if (n > 1) $1 = $1 n; print }')
printf '%s\n' "$others" | while read -r kind program place options; do
    [ -z "$kind" ] || section "php-job $kind: $program" ask_job "$place" "$program" $options
    case $kind in FastCGI* | server*) section "environ $kind: $program" environ_masked "$place" ;; esac
done
jobs() { everybody && open_jobs && printf '%s\n' "$others" | mask; }
section jobs jobs
