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
