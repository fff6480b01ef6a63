# Where web servers, running programs and crontabs lead to: an application may be there.

# served: folders and files of PHP that web servers, running programs and crontabs name; behind "@" those of an alias.
served() {
    for table in /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/*; do
        [ ! -f "$table" ] || [ ! -r "$table" ] || set -- "$@" "$table"
    done
    called= && running php frankenphp 2>/dev/null
    [ -z "$found" ] || called=$(for_each called_by "$found")
    printf '%s\n' "$nginx_said" "$apache_said" "$called" | awk -v field="$field" '
        crontabs { sub(/#.*/, ""); n = split($0, word, /[ \t;&|>"\047]/)
            for (i = 1; i <= n; i++) if (word[i] ~ /^\/.*([.]php|\/artisan|\/console)$/) print word[i]; next }
        index($0, field) == 1 { print substr($0, 2); next }
        { sub(/^[0-9]+\t/, "") }
        tolower($1) == "alias" { path = $2 ~ /^["\047]?\// && $3 ~ /^["\047]?\// ? $3 : $2
            gsub(/["\047;]/, "", path); sub(/\/+$/, "", path); if (path ~ /^\/[^$]*$/) print "@" path; next }
        tolower($1) ~ /^(root|documentroot)$/ { sub(/^[ \t]*[^ \t]+[ \t]+/, "")
            if (sub(/^["\047]/, "")) sub(/["\047].*/, ""); else sub(/[ \t;].*/, ""); print }' - crontabs=1 "$@"
}
# called_by PROCESS: what a PHP on the command line serves or runs.
called_by() {
    here=$(readlink "/proc/${1%% *}/cwd")
    words "${1%% *}"
    printf '%s\n' "$words" | awk -v here="$here" -v field="$field" '/^-S/ { print field here }
        last == "-t" || /\.php$|(^|\/)(artisan|console|wp)$/ { print field (/^\// ? "" : here "/") $0 }
        { last = $0 }'
}
