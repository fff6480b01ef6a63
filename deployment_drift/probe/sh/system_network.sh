# Names and their resolver, and the accounts of services.

functions=$functions'
function hosts_names(file, named, own, n, part, here) {
  own = own_name()
  while ((getline <file) > 0) { sub(/#.*/, ""); if (named && names(own)) continue
    for (n = 2; n <= NF; n++) { split($n, part, ".")
      if ($n == "localhost") here = here " " $1
      else if ($n != own && part[1] != own && $n !~ /^(localhost|ip6-|host[.](docker|containers)[.]internal)/) print $n, $1 } }
  print "localhost" here }
function own_name(own, file) { file = "/proc/sys/kernel/hostname"
  if ((getline own <file) <= 0) "hostname" | getline own; close(file); return own }
function names(own, n) { for (n = 2; n <= NF; n++) if ($n == own) return 1; return 0 }
# domain FILE: what follows the own name where that stands first, as hostname(1) reads it, and that of the kernel.
function domain(file, own, n) { own = own_name(); close(file)
  while ((getline <file) > 0) { sub(/#.*/, ""); if (names(own)) { if (n = index($2, ".")) print "domain-of-host", substr($2, n + 1); break } }
  if ((getline own <"/proc/sys/kernel/domainname") > 0 && own !~ /^([(]none[)])?$/) print "kernel.domainname", own }
function resolver(file, n) { while ((getline <file) > 0) {
    if ($1 == "search" || $1 == "domain" || $1 == "options") print
    if ($1 == "nameserver" && $2 ~ /^127[.]/) print "local", $2
    if ($1 == "nameserver") n = n " " $2 }
  print "servers" (n ? n : " none") }
# The users that run something, those that are named to, and those of usual services, with their groups.
function accounts(busy, listed, user, name, all, group, members, others, part, i, n) { needs("/etc/passwd"); needs("/etc/group"); FS = ":"
  while ((getline <"/etc/passwd") > 0)
    if (index(busy, " " $3 " ") || index(listed, " " $1 " ") || $1 ~ /^(www-data|nginx|apache|http|httpd|php|mysql|postgres|redis|memcached?)$/) {
      user[$1] = $3 ":" $4 ":" $7 ":" $6; name[++all] = $1 }
  while ((getline <"/etc/group") > 0) { group[$3] = $1; n = split($4, members, ",")
    for (i = 1; i <= n; i++) others[members[i]] = others[members[i]] "," $1 }
  for (i = 1; i <= all; i++) { split(user[name[i]], part, ":")
    print name[i], part[1], group[part[2]] others[name[i]], part[3], part[4] }
  close("/etc/passwd"); close("/etc/group"); FS = " " }'

note_busy() { known "${1%% *}" && [ "$known_user" != 0 ] && busy="$busy$known_user "; }
busy=' ' && for_each note_busy "$services"
# users_named: those that pools, programs of supervisord, units and crontabs name, whether it runs now or not.
users_named() {
    sed -nE 's/^[[:blank:]]*[uU]ser[[:blank:]]*=[[:blank:]]*([A-Za-z0-9_.-]+)[[:blank:]]*$/\1/p' /etc/php/*/fpm/pool.d/*.conf \
        /etc/php-fpm.d/*.conf /usr/local/etc/php-fpm.d/*.conf /opt/*/*/etc/php-fpm.d/*.conf /opt/*/*/*/etc/php-fpm.d/*.conf \
        /etc/supervisor/conf.d/*.conf /etc/systemd/system/*.service
    sed -nE 's/^[[:blank:]]*([^#=[:blank:]]+[[:blank:]]+){5}([A-Za-z_][A-Za-z0-9_.-]*)[[:blank:]].*/\2/p' /etc/crontab /etc/cron.d/*
    for path in /var/spool/cron/crontabs/*; do [ ! -f "$path" ] || printf '%s\n' "${path##*/}"; done
}
listed=$(users_named 2>/dev/null | grep -vx root | tr '\n"\\' '   ')
# Podman adds the container's name to its own; a /run in memory may hide its file
[ -e /run/.containerenv ] || [ "${container-}" = podman ] && named=1 || named=0
by_awk hosts-names "hosts_names(\"/etc/hosts\", $named)" /etc/hosts
by_awk resolver 'resolver("/etc/resolv.conf"); domain("/etc/hosts")' /etc/resolv.conf
by_awk accounts "accounts(\"$busy\", \" $listed\")" /etc/passwd
