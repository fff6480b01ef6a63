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
memcached_arguments() { service_pid memcached && words "$pid" && printf %s "$title"; }
caches() {
    quick redis-file redis_file
    quick memcached-arguments memcached_arguments
}
masked caches
