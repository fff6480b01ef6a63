# What is told of the processes that _look.sh has read. Who was sent into a container, as a health check or by `docker exec`, runs beside process 1. A service
# is what process 1, or a supervisor or shell below it, keeps running, or what that has started.
look_told='
function bare(word) { sub(/[0-9.]+$/, "", word); return word }
function visits(at) { while (at > 2 && at in parent) at = parent[at]; return at == 0 }
function serves(pid, word, at) { at = parent[pid]
  if (!word || state[pid] == "Z" || word ~ keeper) return 0
  if (word ~ /^(agetty|login|tail|cat|awk|ls|tr|timeout|runc.*)$/) return 0
  while (at > 1 && (bare(comm[at]) ~ keeper || bare(comm[at]) == word)) at = parent[at]
  return at == 1 || pid == 1 }
function note_groups(pid, line) { if (user[pid] + 0 && !(line in grouped)) { grouped[line]; worker_groups = worker_groups pid " " line "\n" } }
function by_number(lines, text, i) { for (i = 1; i < 9; i++) text = text lines[i]; return text }
END {
  for (i = 1; i <= all; i++) { pid = order[i]; if (visits(pid)) { visitors = visitors " " pid; continue }
    if (pid in arguments) processes = processes pid " " arguments[pid] "\n"
    digits = length(pid); kind = bare(name[pid]); word = bare(comm[pid])
    kinds[digits] = kinds[digits] pid " " kind " " (name[parent[pid]] != name[pid]) " " (pid in user ? user[pid] : "-") " " program[pid] "\n"
    if (serves(pid, word)) { services[digits] = services[digits] pid " " note_service(pid, word) "\n"; if (pid in gone) replaced = replaced pid " " word " " gone[pid] "\n"; note_groups(pid, word " " user[pid] " " groups[pid]) } }
  ports("/proc/net/tcp"); ports("/proc/net/tcp6")
  for (i = 1; i <= sockets; i++) { n = split(holders[inode[i]], held, " ")
    for (j = 1; j <= n; j++) if (!((line = inode[i] " " comm[held[j]]) in owned)) { owned[line]; place[++owning] = line } }
  for (i = 2; i <= owning; i++) for (j = i; j > 1 && place[j] < place[j - 1]; j--) {
    line = place[j]; place[j] = place[j - 1]; place[j - 1] = line }
  for (i = 1; i <= owning; i++) owners = owners place[i] "\n"
  print "processes=" quoted(processes) "\nlistening=" quoted(listening) "\nowners=" quoted(owners)
  print "kinds=" quoted(by_number(kinds)) "\nservices=" quoted(by_number(services)) "\nvisitors=" quoted(visitors " ") "\nreaders=" quoted(readers()) "\nservice_arguments=" quoted(begun) "\nworker_groups=" quoted(worker_groups) "\nreplaced=" quoted(replaced) "\nown_number=" acts_as[me] }
# "NAME SECONDS" for each service that reads files when it starts, since 1970. A reload keeps the first
# process and replaces its children, so the oldest child says when they were read.
function readers(i, pid, at, boot, oldest, child, text) {
  for (i = 1; i <= all; i++) { pid = order[i]; if (!reads(pid)) continue
    boot = boot ? boot : booted(); started[pid] = int(boot + started[pid] / 100) }
  for (i = 1; i <= all; i++) { pid = order[i]; at = parent[pid]
    if (!reads(pid) || !(at in comm) || comm[at] != comm[pid]) continue
    child[pid]; if (!(at in oldest) || started[pid] < oldest[at]) oldest[at] = started[pid] }
  for (i = 1; i <= all; i++) { pid = order[i]
    if (reads(pid) && !(pid in child)) text = text (worker(pid) ? "php" subject(pid, "php") : comm[pid]) " " (pid in oldest ? oldest[pid] : started[pid]) "\n" }
  return text }
function worker(pid) { return comm[pid] ~ /^php[0-9.]*$/ && subject(pid, "php") != "" }
function reads(pid) { return worker(pid) || comm[pid] ~ /^(php-fpm[0-9.]*|nginx|apache2|httpd|mariadbd|mysqld)$/ }
'
