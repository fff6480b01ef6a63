# The folders that PHP writes to, by default or as its files say.

written_folders() {
    folders=/tmp$line_end/var/tmp$line_end/var/lib/php/sessions
    for path in /var/lib/nginx /var/lib/nginx/* /var/cache/nginx/*; do [ ! -e "$path" ] || folders=$folders$line_end$path; done
    for_each note_folder "$(grep -rhsE '^[^;#]*(save_path|upload_tmp_dir|sys_temp_dir)\]? *=' /etc/php /etc/php.ini /etc/php.d \
        /etc/php-fpm.d /usr/local/etc/php /usr/local/etc/php-fpm.d)"
    for_each note_other "${named_folders-}"
    IFS=$line_end && set -f && set --
    for folder in $folders; do [ -d "$folder/." ] && set -- "$@" "$folder/." || echo "missing $folder/."; done
    ls -ld "$@"
}
note_other() { case $line_end$folders$line_end in *"$line_end$1$line_end"*) ;; *) folders=$folders$line_end$1 ;; esac; }
note_folder() {
    IFS='"; ' && set -f && set -- ${1#*=} && IFS='' && folder=$*
    case $folder in /*) note_other "$folder" ;; esac
}
quick written-folders written_folders
