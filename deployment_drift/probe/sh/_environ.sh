# The variables that a process was started with, and how another program is run with them.

# environ_of PID: set `variables` to what it was started with. php-fpm and nginx write their titles over
# that; then who was sent into their container, as by `docker exec`, may have the same, and nobody else.
environ_of() {
    variables=
    [ ! -r "/proc/$1/environ" ] || for_each is_variable "$(tr '\0' '\n' 2>/dev/null <"/proc/$1/environ")"
    case $variables$visitors in *=*) ;; *" $$ "*)
        ! as_long_as_ours "$1" || for_each is_variable "$(PATH=$found_path env)" ;;
    esac
    [ "$variables" ] || environ_beside "$1"
}
is_variable() {
    case ${1%%=*} in "$1" | '' | [0-9]* | *[!A-Za-z0-9_]*) ;; *) variables=$variables${variables:+$line_end}$1 ;; esac
}

print_environ_of() {
    true 2>/dev/null <"/proc/$1/environ" || return 43
    environ_of "$1"
    [ "$variables" ] || { echo 'its title is written over its environment' >&2 && return 43; }
    printf '%s\n' "$variables"
}

# environ_to_run_with PID: that of our own processes; another's is left out, unless it leads to its files.
environ_to_run_with() {
    environ_of "$1"
    if our_process "$1"; then printf '%s\n' "$variables" && return; fi
    case $line_end$variables in *"${line_end}PHPRC="* | *"${line_end}PHP_INI_SCAN_DIR="*) ours_only our_process "$1" ;; esac
}

# with_environ_of PID COMMAND…: run it with these, as far as they may be read; our own stay ours.
with_environ_of() {
    unset PHPRC PHP_INI_SCAN_DIR
    variables=$(environ_to_run_with "$1") && for_each export_variable "$variables" && shift && "$@"
}
export_variable() { our_variable "${1%%=*}" || export "${1?}"; }
our_variable() {
    case $1 in PATH | IFS | LC_ALL | PS4 | ENV | OPTIND | PPID | UID | EUID | *OPTS | BASH*) ;; [A-Z]*) return 1 ;;
    *) eval "[ \"\${$1+set}\" ]" ;; esac
}
