# Settings of caches that run here: of their files, and those that they were started with.

redis_file() {
    service_pid redis-server valkey-server && given=$(redis_given) || return
    files=$(words "$pid" | grep '[.]conf$')
    [ "$files$given" ] || files='/etc/redis/redis.conf /etc/redis.conf /etc/valkey/valkey.conf' # a title hides both
    for file in $files; do
        [ ! -e "$file" ] || [ -r "$file" ] || return 43
        [ ! -r "$file" ] || { echo "$file" | counting_lines && break; }
    done
    [ -z "$given" ] || printf '@@ its arguments\n%s\n' "$given"
}
redis_given() {
    words "$pid" | awk '/^--/ { if (said) print n "\t" said; said = substr($0, 3); n++; next }
        said { said = said " " $0 } END { if (said) print n "\t" said }'
}
memcached_arguments() { service_pid memcached && words "$pid" '%s '; }
caches() {
    section redis-file redis_file
    section memcached-arguments memcached_arguments
}
masked caches
