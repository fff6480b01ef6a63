# How a PHP is asked what it is. `php_code` asks, evaluates `expressions` and asks
# the shop for `pages`.

# patiently COMMAND…: run it, for at most `patience` seconds where that can be limited.
if command -v timeout >/dev/null && { ! command -v busybox >/dev/null || timeout 1 true 2>/dev/null; }; then
    patiently() { timeout "$patience" "$@"; }
else
    patiently() { "$@"; }
fi

# ask_php PHP [OPTION…]: neither a forbidden function nor a debugger spoils the answer, and no
# warning gets into the log; opcache would make a file in /tmp, and run what is preloaded. What these options hide is read from the ini files.
ask_php() {
    command -v "$1" >/dev/null || { missing "$1"; return; }
    questions | XDEBUG_MODE=off patiently "$@" $unspoilt -r "$php_code" -- || not_php "$?"
}
unspoilt='-d error_log=/dev/null -d disable_functions= -d disable_classes= -d open_basedir=
-d xdebug.remote_autostart=0 -d xdebug.profiler_enable=0 -d opcache.enable=0 -d opcache.enable_cli=0'
questions() {
    printf '%s\n\n%s\n\n%s\n\n%s\n\n%s\n\n%s' "$secret" "${secret_names-}" "${plain_names-}" \
        "${secret_values-}" "$expressions" "$pages"
}
not_php() {
    case $1 in 124 | 143) echo "no answer within $patience s" >&2 ;; esac
    return "$1"
}
