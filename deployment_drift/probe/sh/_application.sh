# Where applications are: in the folders named, else where web servers, programs and crontabs lead.

# root PATH: the folder of the whole application, which has what only that has, else the one above
# the folder that is served. What packages bring is none of it.
root() {
    case $1 in @*) return ;; esac
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
    if ! container "$at" || of_pages "$at"; then echo "$at"; fi
}
# shut PATH: the folder on the way to it that this user may not enter, for an application may be in it.
shut() (at=$1 && while [ ! -d "$at" ] && [ "$at" != "${at%/*}" ]; do at=${at%/*}; done; [ ! -d "$at" ] || [ -x "$at" ] || echo "$at")

# container FOLDER: whether a folder only holds others, or is the system's.
container() { case $1 in '' | / | /srv | /var | /var/www | /opt | /home | /tmp | /root | /etc* | /dev* | /run* | \
    /var/lib* | /bin* | /lib* | /usr | /usr/local | /usr/bin* | /usr/share* | /usr/lib*) ;; *) return 1 ;; esac; }

# users: set `users` to the numbers of those who run web servers and PHP, the superuser aside.
users() {
    users='' && for_each user_of_server "$kinds"
    case $users in *' '*) users=$(printf '%s\n' $users | sort -n) ;; esac
}
user_of_server() {
    case $1 in *' '[01]' 0 '*) ;; *' php'* | *' apache '* | *' apache2'* | *' httpd'* | *' nginx'* | *' caddy'* | *' lighttpd'*)
        user=${1#* * * } && user=${user%% *} && case " $users " in *" $user "*) ;; *) ! here "${1%% *}" || users=$users${users:+ }$user ;; esac ;;
    esac
}
