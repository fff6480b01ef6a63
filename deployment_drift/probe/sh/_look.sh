# How /proc is read, for _processes.sh. Nobody can forge what is said of another's process: of what a
# process says itself, its arguments and its name, one line is read, and a file that two lines name is none.

look_read='
/^==> \/proc\/.* <==$/ && (what != "cmdline" || $2 ~ /\/cmdline$/) {
  split($2, part, "/"); pid = part[3]; what = part[4]; first = 1; next }
!what && /^\/proc\/[0-9]+\/fd:$/ { split($0, part, "/"); pid = part[3] }
!what && sub(/.*socket:\[/, "") { sub(/\].*/, ""); holders[$0] = holders[$0] " " pid }
!what && match($0, /\/proc\/[0-9]+\/exe -> /) { split(substr($0, RSTART), part, "/")
  $0 = substr($0, RSTART + RLENGTH); sub(/ [(]deleted[)]$/, ""); program[part[3]] = part[3] in program ? "" : $0 }
pid == "net" && $4 == "0A" { listening = listening $2 " " $10 "\n"; inode[++sockets] = $10 }
what == "stat" && first { word = rest = $0; sub(/^[0-9]+ \(/, "", word); sub(/\) [^)]*$/, "", word)
  sub(/.*\) /, "", rest); split(rest, part, " "); state[pid] = part[1]; parent[pid] = part[2]
  comm[pid] = word; order[++all] = pid; sub(/[ \n].*/, "", word); name[pid] = word; first = 0 }
what == "status" && /^Uid:/ { user[pid] = $2 }
what == "cmdline" && first && $0 { arguments[pid] = $0; first = 0 }
'
# Who was sent into a container, as a health check or by `docker exec`, runs beside process 1. A service
# is what process 1, or a supervisor or shell below it, keeps running, or what that has started.
look_told='
function bare(word) { sub(/[0-9.]+$/, "", word); return word }
function visits(at) { while (at > 2 && at in parent) at = parent[at]; return at == 0 }
function serves(pid, word, at) { at = parent[pid]
  if (!word || state[pid] == "Z" || word ~ keeper) return 0
  if (word ~ /^(agetty|login|tail|cat|awk|ls|tr|timeout|runc.*)$/) return 0
  while (at > 1 && (bare(comm[at]) ~ keeper || bare(comm[at]) == word)) at = parent[at]
  return at == 1 || pid == 1 }
function by_number(lines, text, i) { for (i = 1; i < 9; i++) text = text lines[i]; return text }
END {
  for (i = 1; i <= all; i++) { pid = order[i]; if (visits(pid)) { visitors = visitors " " pid; continue }
    if (pid in arguments) processes = processes pid " " arguments[pid] "\n"
    digits = length(pid); kind = bare(name[pid]); word = bare(comm[pid])
    kinds[digits] = kinds[digits] pid " " kind " " (name[parent[pid]] != name[pid]) " " (pid in user ? user[pid] : "-") " " program[pid] "\n"
    if (serves(pid, word)) services[digits] = services[digits] pid " " word "\n" }
  for (i = 1; i <= sockets; i++) { n = split(holders[inode[i]], held, " ")
    for (j = 1; j <= n; j++) owners = owners inode[i] " " comm[held[j]] "\n" }
  print "processes=" quoted(processes) "\nlistening=" quoted(listening) "\nowners=" quoted(owners)
  print "kinds=" quoted(by_number(kinds)) "\nservices=" quoted(by_number(services))
  print "visitors=" quoted(visitors " ") }
'
