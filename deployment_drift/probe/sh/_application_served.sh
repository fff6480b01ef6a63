# Where web servers, running programs and crontabs lead to: an application may be there.

# served: folders and files of PHP that web servers, running programs and crontabs name.
served() {
    {
        printf '%s\n' "$nginx_said" "$apache_said"
        running php frankenphp 2>/dev/null | while read -r pid _; do called_by "$pid"; done
        echo "$field"
        cat /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/* 2>/dev/null
    } | awk -v field="$field" '$0 == field { crontabs = 1; next }
        crontabs { sub(/#.*/, ""); n = split($0, word, /[ \t;&|>"\047]/)
            for (i = 1; i <= n; i++) if (word[i] ~ /^\/.*([.]php|\/artisan|\/console)$/) print word[i]; next }
        index($0, field) == 1 { print substr($0, 2); next }
        { sub(/^[0-9]+\t/, "") }
        tolower($1) ~ /^(root|documentroot)$/ { sub(/^[ \t]*[^ \t]+[ \t]+/, "")
            if (sub(/^["\047]/, "")) sub(/["\047].*/, ""); else sub(/[ \t;].*/, ""); print }'
}
# called_by PID: what a PHP on the command line serves or runs.
called_by() {
    here=$(readlink "/proc/$1/cwd")
    words "$1" | awk -v here="$here" -v field="$field" '/^-S/ { print field here }
        last == "-t" || /\.php$|(^|\/)(artisan|console|wp)$/ { print field (/^\// ? "" : here "/") $0 }
        { last = $0 }'
}
