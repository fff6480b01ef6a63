# The variables that a process was started with, and how another program is run with them.

# environ_of PID: what it was started with. php-fpm and nginx write their titles over that; then who
# was sent into their container, as by `docker exec`, has the same, and nobody else.
environ_of() {
    variables=$(cat "/proc/$1/environ" 2>/dev/null | tr '\0' '\n' | grep '^[A-Za-z_][A-Za-z0-9_]*=')
    case $variables$visitors in *=*) ;; *" $$ "*) variables=$(PATH=$found_path env | grep '^[A-Za-z_][A-Za-z0-9_]*=') ;; esac
    printf '%s\n' "$variables"
}

environ_masked() {
    (readable "/proc/$1/environ" >/dev/null) || return
    environ_of "$1" | grep . | mask | grep . || { echo 'its title is written over its environment' >&2 && return 43; }
}

# environ_to_run_with PID: that of our own processes; another's is left out, unless it leads to its files.
environ_to_run_with() {
    our_process "$1" || { ! environ_of "$1" | grep -qE '^(PHPRC|PHP_INI_SCAN_DIR)=' || ours_only our_process "$1"; } || return
    ! our_process "$1" || environ_of "$1"
}

# with_environ_of PID COMMAND…: run it with these, as far as they may be read; our own stay ours.
with_environ_of() {
    unset PHPRC PHP_INI_SCAN_DIR
    variables=$(environ_to_run_with "$1") && IFS=$line_end && set -f || return
    for variable in $variables; do our_variable "${variable%%=*}" || export "${variable?}"; done
    set +f && unset IFS && shift
    "$@"
}
our_variable() {
    case $1 in PATH | IFS | LC_ALL | PS4 | ENV | OPTIND | PPID | UID | EUID | *OPTS | BASH*) ;; [A-Z]*) return 1 ;;
    *) eval "[ \"\${$1+set}\" ]" ;; esac
}
