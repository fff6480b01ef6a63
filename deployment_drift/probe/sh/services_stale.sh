# Which services run with an older configuration than the one that is there: "NAME FILE". A reload
# keeps the first process and replaces its children: the oldest child says when. Redis writes its file itself.

files_of() {
    case $1 in
        php-fpm?*) files=/etc/php/${1#php-fpm}/fpm ;;
        php-fpm) files='/etc/php.ini /etc/php.d /etc/php-fpm.conf /etc/php-fpm.d /usr/local/etc/php /usr/local/etc/php-fpm.d' ;;
        'php '*) files= ;;
        nginx) files=/etc/nginx ;;
        apache2 | httpd) files='/etc/apache2 /etc/httpd' ;;
        *) files='/etc/mysql /etc/my.cnf /etc/my.cnf.d' ;;
    esac
}
# changed_since LOOK SECONDS PATH…: the file that was changed last, if that was later.
changed_since() {
    look=$1 since=$2 && shift 2
    for path; do shift && if closed "$path" || [ -e "$path" ]; then set -- "$@" "$path"; fi; done
    files='' && [ $# -gt 0 ] && files=$("$look" "-newermt @$((since + 2))" "$@")
    case $files in *-newermt*) files=$("$look" '' "$@") ;; esac # only some know it
    case $files in *'Permission denied'*) echo "$* may not be looked through by this user" >&2 && return 43 ;; esac
    [ -z "$files" ] || with_names "$files" stat -L -c '%Y %n' | awk -v since="$((since + 2))" '
        $1 > since { since = $1; last = $0 } $1 == since && $0 > last && last { last = $0 }
        END { if (sub(/^[0-9]+ /, "", last)) print last }'
}
stale() {
    everybody || return
    [ "$readers" ] || return 44
    command -v stat >/dev/null || { echo 'nothing here tells when a file was changed' >&2 && return 43; }
    case $readers in *"$line_end"*) readers=$(printf '%s\n' "$readers" | sort) ;; esac
    failed=0 && for_each tell_stale "$readers" && return "$failed"
}
tell_stale() {
    files_of "${1% *}" && file=$(changed_since newer "${1##* }" $files) || { failed=$? && return; }
    if [ -z "$file" ] && [ "${applications-}" ] && keeps_code "${1% *}"; then file=$(changed_since newer_code "${1##* }" $applications); fi
    [ -z "$file" ] || echo "${1% *} $file"
}
quick services-stale stale
