# What runs as a service: its limits, its ports, and the folders that PHP writes to.

# service_processes: "PID NAME" of what process 1, or a supervisor or shell below it, keeps running,
# and of what such a service has started under its own name.
service_processes() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v keeper="$keeper" '{ word = rest = $0
        sub(/^[0-9]+ \(/, "", word); sub(/\) .*/, "", word); sub(/[0-9.]+$/, "", word)
        sub(/.*\) /, "", rest); split(rest, part, " "); parent[$1] = part[2]
        name[$1] = part[1] == "Z" ? "" : word }
        END { for (pid in name) { word = name[pid]; at = parent[pid]
            if (!word || word ~ keeper || word ~ /^(agetty|login|tail|cat|awk|runc.*)$/) continue
            while (at > 1 && (name[at] ~ keeper || name[at] == word)) at = parent[at]
            if (at == 1 || pid == 1) print pid, word } }' | sort -n |
        while read -r pid name; do ! here "$pid" || echo "$pid $name"; done
}
keeper='^(sh|bash|dash|ash|busybox|su|sudo|runuser|setpriv|gosu|sleep|init|systemd|supervisord|runsv|runsvdir)$'
keeper="$keeper|^(tini|dumb-init|docker-init|s6-.*|[(]sd-pam[)])$"
service_processes=$(service_processes)
running_services=$(echo "$service_processes" | awk 'NF && !($2 in seen) { seen[$2]; print }')

service_limits() {
    everybody || return
    { echo "1 first process"; echo "$running_services"; } | while read -r pid name; do
        [ -r "/proc/$pid/limits" ] || continue
        echo "@@ $name" && cat "/proc/$pid/limits" && grep '^Umask:' "/proc/$pid/status"
    done 2>/dev/null
}
sockets() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { print $2, $10 }'; }
socket_owners() {
    [ "$(id -u)" = 0 ] || { echo 'only root sees whose a socket is' >&2 && return 43; }
    ls -l /proc/[0-9]*/fd 2>/dev/null | awk '/^\/proc/ { split($0, part, "/"); pid = part[3] }
        sub(/.*socket:\[/, "") { sub(/\]/, ""); print $0, pid }' | while read -r inode pid; do
        case $listened in *" $inode "*) echo "$inode $(cat "/proc/$pid/comm" 2>/dev/null)" ;; esac
    done | sort -u
}
listened=" $(sockets | cut -d ' ' -f 2 | tr '\n' ' ')"
section services printf '%s\n' "$running_services"
section service-limits service_limits
section sockets sockets
section socket-owners socket_owners
