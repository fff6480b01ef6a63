# What the commands that root once gave have left in an application.

# unwritable: add to `above` logs and folders of caches that those who run it do not own.
unwritable() {
    [ "$users" ] || return 0
    set --
    for path in var/cache var/log storage/framework storage/logs storage/app cache log logs; do
        [ ! -d "$app/$path" ] || set -- "$@" "$app/$path"
    done
    [ $# -gt 0 ] || return 0
    set -- "$@" -mindepth 1 -maxdepth 1 \( -type d -o -type f -name '*.log' \) ! -perm -002
    for user in $users; do set -- "$@" ! -user "$user"; done
    above=$above$(find -H "$@" 2>/dev/null)$line_end
}
