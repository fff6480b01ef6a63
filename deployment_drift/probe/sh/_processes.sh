# What runs here: `processes` has one line for each, "PID ARGUMENT…", the arguments cut at \037.

# Who was sent into a container, as a health check or by `docker exec`, runs beside process 1.
list_visitors() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk '{ rest = $0; sub(/.*\) /, "", rest); split(rest, part, " ")
        parent[$1] = part[2] } END { for (pid in parent) { at = pid
        while (at > 2 && at in parent) at = parent[at]; if (at == 0) printf " %s", pid } }'
}
visitors="$(list_visitors) "

list_processes() {
    tail -n +1 /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\037' | awk -v visitors="$visitors" '
        /^==> \/proc\/[0-9]+\/cmdline <==$/ { split($2, part, "/"); pid = part[3]; next }
        pid && $0 && !index(visitors, " " pid " ") { print pid, $0; pid = "" }'
}
processes=$(list_processes)

# here PID: whether it is no process of a container that only shares this machine's kernel.
here() { [ -d "/proc/$1" ] && { [ "/proc/$1/root/." -ef /. ] || [ ! -e "/proc/$1/root/." ]; }; }

# everybody: 43 where the processes of other users are hidden, so that nothing is known of them.
everybody() { [ -r /proc/1/cmdline ] || { echo 'the processes of others are hidden' >&2 && return 43; }; }

# environ_of PID: what it was started with. php-fpm and nginx write their titles over that; in a
# container all are started with what is ours, too.
environ_of() {
    variables=$(cat "/proc/$1/environ" 2>/dev/null | tr '\0' '\n' | grep '^[A-Za-z_][A-Za-z0-9_]*=')
    [ -n "$variables" ] || [ -d /run/systemd/system ] || variables=$(PATH=$found_path env | grep '^[A-Za-z_][A-Za-z0-9_]*=')
    printf '%s\n' "$variables"
}

environ_masked() { (readable "/proc/$1/environ" >/dev/null) && environ_of "$1" | mask; }

# with_environ_of PID COMMAND…: run it with these, as far as they may be read.
with_environ_of() {
    variables=$(environ_to_run_with "$1") && IFS=$line_end && set -f || return
    for variable in $variables; do export "${variable?}"; done
    set +f && unset IFS && shift
    "$@"
}
