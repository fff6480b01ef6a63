# Whether what php-fpm was started with is hidden, and may set what nothing else tells of.

# supervised PID: what began it runs php-fpm itself, and none of its files below /etc leads PHP to others.
supervised() {
    environ_length "$1" || return
    case $line_end$kinds in *"$line_end$parent systemd "* | *"$line_end$parent supervisord "* | *"$line_end$parent runsv "*) ;;
    *) return 1 ;; esac
    set -- /etc/systemd/system /usr/lib/systemd/system/php*fpm*.service /etc/supervisor* /etc/sv
    grep -rqsE '(^|[/=[:blank:]])php-fpm[0-9.]*([[:blank:]]|$)' "$@" &&
        ! grep -rqsE '^[^#;]*(PHPRC|PHP_INI_SCAN_DIR)' "$@" /etc/default
}

# plain_arguments FILE: whether those of `environ_length` are as long as ones that say no more than how it
# runs: -F, -R, -O or their long forms, and -y FILE; -d, -c and -n are not among them.
plain_arguments() {
    for word in "$known_program" "${known_program##*/}" php-fpm /usr/sbin/php-fpm; do
        for named in 0 $((${#1} + 3)) $((${#1} + 4)) $((${#1} + 14)); do
            case $((told - ${#word} - 1 - named)) in 0 | 3 | 6 | 9 | 12 | 14 | 17 | 18 | 26 | 29 | 37) return ;; esac
        done
    done
    return 1
}

# unseen PID FILE: whether what it was started with may set what `-i` and its files have not told of.
unseen() {
    ! supervised "$1" || return
    environ_of "$1" && environ_length "$1" && known "$1" && plain_arguments "$2" || return 0
    [ -z "$variables" ] && ! as_usual "$1"
}
