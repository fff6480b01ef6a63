# Names and their resolver, the accounts of services, and what the kernel was told.

known_hosts_names() {
    [ -r /etc/hosts ] || { [ -e /etc/hosts ] && return 43 || return 44; }
    read -r host 2>/dev/null </proc/sys/kernel/hostname || host=$(hostname)
    [ -e /run/.containerenv ] && named=1 || named= # Podman adds the container's name to its own
    awk -v own="$host" -v named="$named" '{ sub(/#.*/, "") }
        named { for (n = 2; n <= NF; n++) if ($n == own) next }
        { for (n = 2; n <= NF; n++) { split($n, part, "."); short = part[1]
          if ($n == "localhost") here = here " " $1
          else if ($n != own && short != own && $n !~ /^(localhost|ip6-|host[.](docker|containers)[.]internal)/)
            print $n, $1 } } END { print "localhost" here }' /etc/hosts
}
resolver() {
    [ -e /etc/resolv.conf ] || return 44
    awk '$1 == "search" || $1 == "domain" || $1 == "options" { print }
        $1 == "nameserver" && $2 ~ /^127[.]/ { print "local", $2 } $1 == "nameserver" { n++ }
        END { print "servers", n + 0 }' /etc/resolv.conf
}
note_busy() { known "${1%% *}" && [ "$known_user" != 0 ] && busy="$busy$known_user "; }
# accounts: print the users that run something, and those of usual services, with their groups.
accounts() {
    busy=' ' && for_each note_busy "$services"
    awk -F : -v busy="$busy" 'FILENAME ~ /passwd/ {
            if (index(busy, " " $3 " ") || $1 ~ /^(www-data|nginx|apache|http|httpd|php|mysql|postgres|redis|memcached?)$/) {
                user[$1] = $3 ":" $4 ":" $7; name[++all] = $1 }; next }
        { group[$3] = $1; n = split($4, members, ",")
          for (i = 1; i <= n; i++) others[members[i]] = others[members[i]] "," $1 }
        END { for (i = 1; i <= all; i++) { u = name[i]; split(user[u], part, ":")
            print u, part[1], group[part[2]] others[u], part[3] } }' /etc/passwd /etc/group
}
kernel_parameters() {
    cd /proc/sys && set -- net/core/somaxconn net/ipv4/ip_local_port_range net/ipv4/tcp_tw_reuse net/ipv4/tcp_fin_timeout \
        net/ipv4/tcp_keepalive_time net/ipv4/ip_unprivileged_port_start net/ipv6/conf/all/disable_ipv6 \
        vm/overcommit_memory vm/overcommit_ratio vm/swappiness vm/max_map_count fs/file-max fs/nr_open
    for_each kernel_parameter "$(grep -s '' /dev/null "$@")" # cat and sh would take a process each
}
kernel_parameter() { value=${1#*:} && IFS=/ && set -- ${1%%:*} && IFS=. && echo "$* $value"; }
section hosts-names known_hosts_names
section resolver resolver
section accounts accounts
section kernel-parameters kernel_parameters
