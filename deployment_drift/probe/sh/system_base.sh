# Who may use what every program needs: devices, the system's folders, and the files at which services listen.

# base_access: print "PATH OWNER:GROUP MODE", of a device with its number; "there" of what is made for each start.
base_access() {
    set -- / /bin /lib /usr /usr/bin /usr/sbin /usr/lib /usr/share /usr/share/zoneinfo /usr/local /usr/local/bin /etc /etc/ssl /etc/ssl/certs \
        /etc/passwd /etc/group /etc/hosts /etc/resolv.conf /etc/nsswitch.conf /etc/localtime /etc/services /var /var/lib /var/cache /var/log \
        /var/spool /var/mail /run /home /opt /srv /dev /dev/shm /dev/null /dev/zero /dev/full /dev/random /dev/urandom
    for path; do shift && [ ! -e "$path" ] || set -- "$@" "$path"; done
    ls -ldL "$@" | awk '{ sub(/, +/, ","); print $NF, $3 ":" $4, $1, /^[bc]/ ? $5 : "" }'
    for path in /dev/fd /dev/stdin /dev/stdout /dev/stderr /dev/log; do [ ! -e "$path" ] || echo "$path there"; done
}
# listening_files: print the same of sockets; what the system, a login or a container's engine made is left out.
listening_files() {
    [ -r /proc/net/unix ] || return 44
    found=$(awk '$4 == "00010000" && $8 ~ /^\// && NF == 8 { path = $8; sub(/^\/var\/run\//, "/run/", path)
        if (path !~ /^\/run\/(systemd|user|dbus|docker|containerd|podman|udev|lvm|crio|netns)|^\/var\/(spool\/postfix|lib\/(docker|containerd|lxd|kubelet))\/|^(\/var)?\/tmp\/[^\/]+\/|^\/(root|home\/[^\/]+)\/[.]|[0-9][0-9][0-9][0-9][0-9]|[.]X11/ && !(path in seen)) {
            seen[path]; print path } }' /proc/net/unix | sort)
    refused='' && for_each listening_file "$found"
    [ -z "$refused" ] || { echo "$refused" >&2 && return 43; }
}
listening_file() {
    [ -e "$1" ] || case ${1##*.} in '' | *[!0-9]*) ;; *) set -- "${1%.*}" ;; esac # supervisord renames NAME.PID
    if [ -e "$1" ]; then ls -ldL "$1" | awk -v path="$1" '{ print path, $3 ":" $4, substr($1, 2) }'; elif closed "$1"; then refused=$1; else echo "$1 missing"; fi
}
quick base-access base_access
quick listening-files listening_files
