# Settings of caches that run here: of their files, and those that they were started with.

redis_file() {
    service_pid redis-server valkey-server && words "$pid" && given=$(redis_given) || return
    files=$(echo "$words" | grep '[.]conf$')
    [ "$files$given" ] || files='/etc/redis/redis.conf /etc/redis.conf /etc/valkey/valkey.conf' # a title hides both
    for file in $files; do
        [ ! -e "$file" ] || [ -r "$file" ] || return 43
        [ ! -r "$file" ] || { echo "$file" | counting_lines && break; }
    done
    [ -z "$given" ] || printf '@@ its arguments\n%s\n' "$given"
}
redis_given() {
    echo "$words" | awk '/^--/ { if (said) print n "\t" said; said = substr($0, 3); n++; next }
        said { said = said " " $0 } END { if (said) print n "\t" said }'
}
# redis_unseen: whether its title hides more than a file and how it runs; a unit's file is read.
redis_unseen() {
    service_pid redis-server valkey-server && words "$pid" && environ_length "$pid" && [ "$told" -gt 0 ] || return
    case $line_end$kinds$words in *"$line_end$parent systemd "* | *"$line_end"--*) return 1 ;; esac
    case $words in valkey*) name=valkey ;; *) name=redis ;; esac
    for word in "$name-server" "/usr/bin/$name-server"; do
        for file in '' " /etc/$name/$name.conf" " /etc/$name.conf" " /usr/local/etc/$name/$name.conf"; do
            case $((told - ${#word} - 1 - ${#file})) in 0 | 15 | 16 | 21 | 36 | 37) return 1 ;; esac
        done
    done
}
memcached_arguments() { service_pid memcached && words "$pid" && printf %s "$title"; }
caches() {
    quick redis-file redis_file
    quick memcached-arguments memcached_arguments
    ! redis_unseen || quick "unseen redis" printf %s redis-server
}
masked caches
