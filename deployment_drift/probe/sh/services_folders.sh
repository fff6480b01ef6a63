# The folders that PHP writes to, by default or as its files say.

written_folders() {
    folders=/tmp$line_end/var/tmp$line_end/var/lib/php/sessions
    for path in /var/lib/nginx /var/lib/nginx/* /var/cache/nginx/*; do
        case ${path##*/} in [0-9a-f] | [0-9a-f][0-9a-f]) continue ;; esac # what a cache has made there
        [ ! -e "$path" ] || folders=$folders$line_end$path
    done
    for_each note_folder "$(grep -rhsE '^[^;#]*(save_path|upload_tmp_dir|sys_temp_dir)\]? *=' /etc/php /etc/php.ini /etc/php.d \
        /etc/php-fpm.d /usr/local/etc/php /usr/local/etc/php-fpm.d)"
    for_each note_other "${named_folders-}"
    for_each note_data "$(data_folders)"
    IFS=$line_end && set -f && set --
    for folder in $folders; do [ -d "$folder/." ] && set -- "$@" "$folder/." || echo "missing $folder/."; done
    ls -ld "$@"
}
# data_folders: folders that those who run web servers and PHP own beside the applications: code alone may name them.
data_folders() {
    [ "${users-}" ] || return 0
    set -- && for user in $users; do set -- "$@" -o -user "$user"; done
    shift && find /var/* /srv /data /mnt -xdev -maxdepth 1 \( -path /var/www -o -path /var/log -o -path /var/tmp -o -path /var/run \
        -o -path /var/cache -o -path /var/lib/nginx -o -path /var/lib/php \) -prune -o -type d \( "$@" \) -print 2>/dev/null | head -n 50
}
note_data() { case $line_end${applications-}/ in *"$line_end$1"/*) ;; *) note_other "$1" ;; esac; }
note_other() { case $line_end$folders$line_end in *"$line_end$1$line_end"*) ;; *) folders=$folders$line_end$1 ;; esac; }
# note_folder LINE: where it has a depth, as `1;/srv/sessions`, the first of the folders that PHP does not make is one, too.
note_folder() {
    IFS='"; ' depth='' && set -f && set -- ${1#*=}
    for folder; do
        case $folder in
            [1-9]*) depth=/0 ;;
            /*) note_other "$folder" && { [ -z "$depth" ] || note_other "$folder$depth"; } ;;
        esac
    done
}
quick written-folders written_folders
