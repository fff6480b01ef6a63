# What runs as a service: its limits, its ports, and the folders that PHP writes to.

# services: "NAME PID" of the first process of each program, without shells and whoever asks.
services() {
    group=$(sed 's/.*) //' /proc/$$/stat | cut -d ' ' -f 3)
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v own="$group" -v visitors="$visitors" '{ pid = $1; name = $0
        sub(/^[0-9]+ \(/, "", name); sub(/\) .*/, "", name); rest = $0; sub(/.*\) /, "", rest)
        split(rest, part, " "); if (part[3] == own || part[2] == 2 || pid == 2 || part[1] == "Z") next
        if (name ~ /^(sh|bash|dash|ash|busybox|su|sudo|login|agetty|sleep|tail|cat|awk|tini|docker-init|\(sd-pam\)|runc.*)$/) next
        if (index(visitors, " " pid " ")) next
        sub(/[0-9.]+$/, "", name); if (!(name in seen)) { seen[name]; print pid, name } }' |
        while read -r pid name; do ! here "$pid" || echo "$pid $name"; done
}
running_services=$(services)

service_limits() {
    everybody || return
    { echo "1 first process"; echo "$running_services"; } | while read -r pid name; do
        [ -r "/proc/$pid/limits" ] || continue
        echo "@@ $name"
        cat "/proc/$pid/limits"
        grep '^Umask:' "/proc/$pid/status"
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
