# What runs as a service: its limits, its ports, and the folders that PHP writes to.

first_of_each() { case " $seen " in *" ${1#* } "*) ;; *) seen="$seen ${1#* }" && echo "$1" ;; esac; }
running_services=$(seen='' && for_each first_of_each "$services")

service_limits() {
    everybody || return
    printf '%s\n' '1 first process' "$running_services" | awk 'function copy(file, wanted, name, line) {
            while ((getline line <file) > 0) { if (line !~ wanted) continue
                if (name) print "@@ " name; name = ""; print line }
            close(file) }
        { pid = $1; sub(/^[^ ]* /, "") }
        pid { copy("/proc/" pid "/limits", "", $0); copy("/proc/" pid "/status", "^Umask:") }'
}
# unowned: the ports whose program this user does not see, but for those of an engine's name server.
unowned() {
    printf '%s\n' "$owners" "$listening" |
        awk '$1 !~ /:/ { seen[$1] } $1 ~ /:/ && $1 !~ /^0B00007F/ && !($2 in seen)'
}
socket_owners() {
    [ "$own_number" = 0 ] || [ -z "$(unowned)" ] || { echo 'only root sees whose a socket is' >&2 && return 43; }
    printf %s "$owners" | sort -u
}
services_told() { everybody && printf '%s\n' "$running_services"; }
section services services_told
section service-limits service_limits
section sockets printf %s "$listening"
section socket-owners socket_owners
