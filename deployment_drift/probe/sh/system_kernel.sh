# What the kernel was told, and which way leads from here to everywhere.

functions=$functions'
function kernel(parameters, i, all, name, value, file) { all = split(parameters, name, " ")
  for (i = 1; i <= all; i++) { file = "/proc/sys/" name[i]
    if ((getline value <file) > 0) { gsub(/\//, ".", name[i]); print name[i], value } close(file) } }
# guards: whether the kernel keeps services from what their users may do.
function guards(name, all, i, value, file) { all = split("enforce booleans/httpd_can_network_connect booleans/httpd_can_network_connect_db \
  booleans/httpd_can_sendmail booleans/httpd_unified booleans/httpd_execmem booleans/httpd_use_nfs", name, " ")
  for (i = 1; i <= all; i++) { file = "/sys/fs/selinux/" name[i]
    if ((getline value <file) > 0) { sub(/.*\//, "", name[i]); print "selinux." name[i], value } close(file) } }
function routes(line, part, card) {
  while ((getline line <"/proc/net/route") > 0) { split(line, part, " "); if (part[2] part[8] ~ /^0+$/) card = part[1] }
  print "ipv4.route", card ? "there" : "missing"
  if (card && (getline line <("/sys/class/net/" card "/mtu")) > 0) print "mtu", line; card = ""
  while ((getline line <"/proc/net/ipv6_route") > 0) { split(line, part, " "); if (part[1] part[2] ~ /^0+$/ && part[10] != "lo") card = part[10] }
  print "ipv6.route", card ? "there" : "missing" }'

by_awk kernel-parameters "kernel(\"net/core/somaxconn net/ipv4/ip_local_port_range net/ipv4/tcp_tw_reuse \
    net/ipv4/tcp_fin_timeout net/ipv4/tcp_keepalive_time net/ipv4/ip_unprivileged_port_start \
    net/ipv4/tcp_mtu_probing net/ipv6/conf/all/disable_ipv6 net/ipv6/bindv6only net/unix/max_dgram_qlen \
    kernel/shmmax kernel/sem vm/overcommit_memory vm/overcommit_ratio vm/swappiness vm/max_map_count \
    fs/file-max fs/nr_open net/ipv4/tcp_syn_retries net/ipv4/tcp_synack_retries net/ipv4/tcp_retries2 \
    net/ipv4/tcp_keepalive_intvl net/ipv4/tcp_keepalive_probes net/ipv4/tcp_syncookies net/ipv4/tcp_timestamps \
    net/ipv4/tcp_sack net/ipv4/tcp_window_scaling net/ipv4/tcp_ecn net/ipv4/tcp_fastopen net/ipv4/tcp_congestion_control \
    net/ipv4/tcp_slow_start_after_idle net/ipv4/ip_forward net/ipv4/ip_local_reserved_ports net/ipv4/ip_nonlocal_bind \
    net/ipv4/icmp_echo_ignore_all net/ipv4/conf/all/rp_filter kernel/shmall kernel/shmmni kernel/msgmax kernel/msgmnb \
    fs/mqueue/msg_max fs/mqueue/queues_max fs/mqueue/msgsize_max fs/inotify/max_user_instances fs/aio-max-nr \
    fs/protected_regular kernel/unprivileged_userns_clone kernel/apparmor_restrict_unprivileged_userns vm/nr_hugepages\"); guards(); routes()"
# Two addresses may lead to one server: no other has the same root in the same start of a kernel.
identity() {
    read -r boot </proc/sys/kernel/random/boot_id && read -r root _ </proc/self/mountinfo || return 44
    echo "$boot $root"
}
quick identity identity
