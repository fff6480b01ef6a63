# Which PHPs crontabs and units name.

crontabs='/etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/*'
units='/etc/systemd/system/*.service /etc/systemd/system/*.service.d/*.conf
/usr/local/lib/systemd/system/*.service /usr/lib/systemd/system/*.service'

open_jobs() { for file in $crontabs $units; do ! closed "$file" || { echo "$file" >&2 && return 43; }; done; }

# "KIND WORD FILE:LINE PATH" for each word of crontabs and units that is a PHP; PATH as the file sets it.
called() {
    said=$(grep -nsE '(^|[/[:blank:]=@:+!-])php[0-9.]*([[:blank:]]|$)|^[[:blank:]]*PATH[[:blank:]]*=' /dev/null $crontabs $units)
    case $said in *php*) ;; *) return ;; esac
    printf '%s\n' "$said" | awk '{
        split($0, at, ":"); sub(/^[^:]*:[0-9]*:/, ""); kind = at[1] ~ /\/systemd\// ? "systemd" : "cron" }
        /^#/ { next }
        kind == "cron" && sub(/^[ \t]*PATH[ \t]*=[ \t]*/, "") { gsub(/["'\'' ]/, ""); path[at[1]] = $0; next }
        kind == "systemd" && !/^Exec/ { next }
        { sub(/^Exec[A-Za-z]*=[-@:+!]*/, "")
          for (n = 1; n <= NF; n++) if ($n ~ /(^|\/)php[0-9.]*$/)
            print kind, $n, at[1] ":" at[2], path[at[1]] ? path[at[1]] : "/usr/bin:/bin" }'
}
