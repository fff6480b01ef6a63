# Settings of caches that run here: of their files, and those that they were started with.

redis_file() {
    service_pid redis-server valkey-server && words "$pid" && given=$(given_options) || return
    files=$(echo "$words" | grep '[.]conf$')
    [ "$files$given" ] || files=$(redis_hidden) || files='/etc/redis/redis.conf /etc/redis.conf /etc/valkey/valkey.conf'
    said='' && for file in $files; do
        ! closed "$file" || return 43
        [ ! -f "$file" ] || { said=$(with_included "$file") || return; break; }
    done
    [ -z "$said" ] || { printf '%s\n' "$said" && with_users; }
    [ -z "$given" ] || echo "$given" | awk 'BEGIN { print "@@ its arguments" } { sub(/^--/, ""); print NR "\t" $0 }'
}
with_users() { # whose rights a file beside the settings has
    users_file=$(printf '%s\n' "$said" | sed -n 's/^[0-9]*	 *aclfile  *"\{0,1\}\([^ "]*\).*/\1/p' | tail -n 1)
    [ -z "$users_file" ] || with_included "$users_file"
}
# redis_hidden: print the file that it was started with, as far as its title's length tells; 1 where that
# may hide settings.
redis_hidden() {
    case $words in valkey*) name=valkey ;; *) name=redis ;; esac
    for file in /etc/$name/$name.conf /etc/$name.conf /usr/local/etc/$name/$name.conf ''; do
        [ -z "$file" ] || [ -f "$file" ] || continue
        for word in "$name-server" "/usr/bin/$name-server" "/usr/local/bin/$name-server"; do
            case $((told - ${#word} - 1 - ${#file} - (${#file} > 0))) in 0 | 15 | 16 | 21 | 36 | 37) echo "$file" && return ;; esac
        done
    done
    return 1
}
memcached_arguments() { service_pid memcached && words "$pid" && printf %s "$title"; }
# redis_length: set `told` to how long its arguments were; its title is written over them, with zeros to their end.
redis_length() {
    service_pid redis-server valkey-server && words "$pid" && environ_length "$pid" || return
    case $line_end$kinds in *"$line_end$parent systemd "*) return 1 ;; esac # a unit's file is read
    [ "$told" = 0 ] || return 0
    if stat=$(as_user_of "$pid" cat "/proc/$pid/stat"); then set -- ${stat##*) } && told=$((${47} - ${46})); fi
    [ "$told" -gt 0 ] || told=$(wc -c <"/proc/$pid/cmdline")
}
caches() {
    redis_length && case $words in *.conf* | *"$line_end"--*) ;; *) redis_hidden >/dev/null || hidden=$told ;; esac
    quick redis-file redis_file
    quick memcached-arguments memcached_arguments
    [ -z "$hidden" ] || quick "unseen redis" printf %s redis-server
    quick redis-hidden told_hidden
}
told_hidden() { [ "$hidden" ] || return 44; echo "$hidden"; }
hidden='' && masked caches
