# What the kernel was told, and which way leads from here to everywhere.

functions=$functions'
function kernel(parameters, i, all, name, value) { all = split(parameters, name, " ")
  for (i = 1; i <= all; i++) if ((getline value <("/proc/sys/" name[i])) > 0) { gsub(/\//, ".", name[i]); print name[i], value } }
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
    fs/file-max fs/nr_open\"); routes()"
# Two addresses may lead to one server: no other has the same root in the same start of a kernel.
identity() {
    read -r boot </proc/sys/kernel/random/boot_id && read -r root _ </proc/self/mountinfo || return 44
    echo "$boot $root"
}
quick identity identity
