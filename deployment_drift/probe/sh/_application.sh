# Where applications are: in the folders named, else where web servers, programs and crontabs lead.

# served: folders and files of PHP that web servers, running programs and crontabs name.
served() {
    printf '%s\n' "$nginx_said" "$apache_said" | awk '{ sub(/^[0-9]+\t/, "") } tolower($1) ~ /^(root|documentroot)$/ {
        sub(/^[ \t]*[^ \t]+[ \t]+/, ""); if (sub(/^["\047]/, "")) sub(/["\047].*/, ""); else sub(/[ \t;].*/, ""); print }'
    running php frankenphp 2>/dev/null | while read -r pid _; do
        here=$(readlink "/proc/$pid/cwd")
        words "$pid" | awk -v here="$here" '/^-S/ { print here }
            last == "-t" || /\.php$|(^|\/)(artisan|console|wp)$/ { print (/^\// ? "" : here "/") $0 }
            { last = $0 }'
    done
    cat /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/* 2>/dev/null |
        sed 's/#.*//' | tr ' \t;&|>"'"'" '\n\n\n\n\n\n\n\n' | grep -E '^/.*(\.php|/artisan|/console)$'
}

# root PATH: the folder of the whole application, which has what only that has, else the one above
# the folder that is served. What packages bring is none of it.
root() {
    at=$1
    [ -d "$at" ] || at=${at%/*}
    at=$(cd -P "${at:-/}" 2>/dev/null && pwd) || { shut "$1" && return; }
    above=$at
    until container "$above"; do
        for mark in composer.json vendor .env .git artisan wp-config.php REVISION; do
            [ ! -e "$above/$mark" ] || { echo "$above" && return; }
        done
        above=${above%/*}
    done
    case ${at##*/} in public | web | htdocs | public_html | webroot | docroot)
        container "${at%/*}" || at=${at%/*} ;;
    esac
    container "$at" || echo "$at"
}
# shut PATH: the folder on the way to it that this user may not enter, for an application may be in it.
shut() (at=$1 && while [ ! -d "$at" ] && [ "$at" != "${at%/*}" ]; do at=${at%/*}; done; [ ! -d "$at" ] || [ -x "$at" ] || echo "$at")

# container FOLDER: whether a folder only holds others, or is the system's.
container() { case $1 in '' | / | /srv | /var | /var/www | /opt | /home | /tmp | /root | /etc* | /dev* | /run* | \
    /var/lib* | /bin* | /lib* | /usr | /usr/local | /usr/bin* | /usr/share* | /usr/lib*) ;; *) return 1 ;; esac; }
