# Apache's configuration as it is in effect: its own dump, which changes nothing, else its files.

apache_configuration() {
    running apache httpd || return
    [ "$found" ] || return 44
    for_each configuration_of_apache "$found"
}
configuration_of_apache() {
    pid=${1%% *}
    program_of "$pid" apache2 httpd && ours_only ours "$program" && ours_only plain_server "$pid" || exit
    # shellcheck disable=SC2046,SC2086 -- a word a line
    (environment "$pid" && defined "$pid" && IFS=$line_end && effective $defined) || exit
}

# environment PID: as that of the running server, for its configuration may stand on it.
environment() {
    if our_process "$1"; then environ_of "$1" && for_each export_apache "$variables"; fi
    # shellcheck source=/dev/null
    [ -n "${APACHE_RUN_DIR-}" ] || [ ! -r /etc/apache2/envvars ] || { set +u; . /etc/apache2/envvars; }
}
export_apache() { case $1 in APACHE_*) export "${1?}" ;; esac; }

# defined PID: set `defined` to the options that decide on the configuration, as -D NAME and -f FILE; one
# word a line.
defined() { last='' defined='' && words "$1" && for_each define "$words"; }
define() {
    case $last in -[DdfCc]) [ "$1" = FOREGROUND ] || defined=$defined${defined:+$line_end}$last$line_end$1 ;; esac
    last=$1
}
