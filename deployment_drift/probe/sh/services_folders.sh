# The folders that PHP writes to, by default or as its files say.

written_folders() {
    folders=$({ printf '%s\n' /tmp /var/tmp /var/lib/php/sessions
        for path in /var/lib/nginx /var/lib/nginx/* /var/cache/nginx/*; do [ ! -e "$path" ] || printf '%s\n' "$path"; done
        grep -rhsE '^[^;#]*(save_path|upload_tmp_dir|sys_temp_dir)\]? *=' /etc/php /etc/php.ini /etc/php.d /etc/php-fpm.d \
            /usr/local/etc/php /usr/local/etc/php-fpm.d; } 2>/dev/null | sed 's/^[^=]*= *//; s/["; ]//g; s/.*;//; /^\//!d' | sort -u)
    IFS=$line_end && set -f && set --
    for folder in $folders; do [ -d "$folder/." ] && set -- "$@" "$folder/." || echo "missing $folder/."; done
    ls -ld "$@"
}
section written-folders written_folders
