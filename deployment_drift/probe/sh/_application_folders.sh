# What is in the folders that a running application fills, and what root's commands have left there.

# filling: whether folders of pages' own files are empty, and which of those are there that nobody makes.
assets='pub/static pub/media generated media files uploads upload wp-content/uploads web/app/uploads sites/default/files
public/uploads public/media fileadmin/_processed_'
needed='storage/app storage/logs storage/framework/cache storage/framework/sessions storage/framework/views bootstrap/cache'
filling() {
    echo "@@ filled" $filled # in one line
    for path in $needed; do [ ! -d "$app/$path" ] || echo "@@ needed $path"; done
    for path in $assets; do
        [ -d "$app/$path" ] && [ -r "$app/$path" ] || continue
        set -- "$app/$path"/*
        if [ -e "$1" ] || [ -L "$1" ]; then echo "@@ content $path"; else echo "@@ empty $path"; fi
    done
}

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

# overridden APP: print each .htaccess above it, where Apache looks for one, too, four times as look_within does.
overridden() {
    at=$1
    while [ "$apache_said" ] && [ "$at" ]; do
        at=${at%/*} && [ ! -f "$at/.htaccess" ] || printf '%s\n%s\n%s\n%s\n' "$at/.htaccess" "$at/.htaccess" "$at/.htaccess" "$at/.htaccess"
    done
}
