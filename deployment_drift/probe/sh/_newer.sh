# Files that are newer than what a program has read: its configuration, or code from before a deployment.

# newer TEST PATH…: the files there that are read, and what may not be looked through.
newer() {
    test=$1 && shift
    find -L "$@" -name '*-available' -prune -o -type f ! -name '.*' ! -name '*~' ! -name '*.dpkg-*' $test -print 2>&1
}
# keeps_code NAME: whether it reads code once: a worker, and php-fpm where opcache does not look again.
keeps_code() {
    case $1 in
        'php '*) ;;
        php-fpm*) files_of "$1" && grep -rqsiE '^[^;#]*opcache[.](validate_timestamps]? *= *"?(0|off)|preload]? *= *"?/)' $files ;;
        *) return 1 ;;
    esac
}
# newer_code TEST PATH…: the files of code there; what the running application makes is none.
newer_code() {
    test=$1 && shift
    find "$@" \( -name vendor -o -name node_modules -o -name '.?*' -o -name cache -o -name storage -o -name var -o -name tmp \
        -o -name generated -o -name templates_c -o -name uploads \) -prune -o -type f -name '*.php' $test -print 2>&1
}
