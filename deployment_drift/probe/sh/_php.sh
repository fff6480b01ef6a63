# How a PHP is asked what it is. `php_code` asks, evaluates `expressions` and asks
# the shop for `pages`.

# patiently COMMAND…: run it, for at most `patience` seconds where that can be limited.
if timeout 1 true 2>/dev/null; then
    patiently() { timeout "$patience" "$@"; }
else
    patiently() { "$@"; }
fi

# ask_php PHP [OPTION…]: neither a forbidden function nor a debugger spoils the answer, and no
# warning gets into the log. What these options hide is read from the ini files.
ask_php() {
    command -v "$1" >/dev/null || return 44
    printf '%s\n\n%s\n\n%s\n\n%s\n\n%s\n\n%s' "$secret" "${secret_names-}" "${plain_names-}" \
        "${secret_values-}" "$expressions" "$pages" | XDEBUG_MODE=off patiently "$@" -d error_log=/dev/null \
        -d disable_functions= -d disable_classes= -d open_basedir= -d xdebug.remote_autostart=0 \
        -d xdebug.profiler_enable=0 -r "$php_code" -- || not_php "$?"
}

# ask_job PLACE PHP [OPTION…]: the same of a PHP that a job runs; PLACE is a worker's process.
ask_job() {
    ours_only ours "$2" && { plain_options "$@" || ours_only our_process "$1"; } || return
    shift
    ask_php "$@"
}

not_php() {
    case $1 in 124 | 143) echo "no answer within $patience s" >&2 ;; esac
    return "$1"
}

# program_of PID NAME…: print the file that it runs, else the first of these names that is there.
program_of() {
    readlink "/proc/$1/exe" 2>/dev/null | sed 's/ (deleted)$//' | grep . && return
    shift
    command -v "$@" | head -n 1 | grep . || return 43
}
