# How /proc is read, for _processes.sh. Nobody can forge what is said of another's process: of what a
# process says itself, its arguments and its name, one line is read, and a file that two lines name is none.

look_read='
/^==> \/proc\/.* <==$/ && (what != "cmdline" || $2 ~ /\/cmdline$/) {
  split($2, part, "/"); pid = part[3]; what = part[4]; first = 1; next }
!what && /^\/proc\/[0-9]+\/fd:$/ { split($0, part, "/"); pid = part[3] }
!what && sub(/.*socket:\[/, "") { sub(/\].*/, ""); holders[$0] = holders[$0] " " pid }
!what && match($0, /\/proc\/[0-9]+\/cwd -> /) { split(substr($0, RSTART), part, "/"); place_of[part[3]] = substr($0, RSTART + RLENGTH) }
!what && match($0, /\/proc\/[0-9]+\/exe -> /) { split(substr($0, RSTART), part, "/")
  $0 = substr($0, RSTART + RLENGTH); if (sub(/ [(]deleted[)]$/, "")) gone[part[3]] = $0
  twice = part[3] in program; program[part[3]] = twice ? "" : $0 } # mawk makes the left side first
what == "stat" && first { word = rest = $0; sub(/^[0-9]+ \(/, "", word); sub(/\) [^)]*$/, "", word)
  sub(/.*\) /, "", rest); split(rest, part, " "); state[pid] = part[1]; parent[pid] = part[2]; started[pid] = part[20]
  comm[pid] = word; order[++all] = pid; sub(/[ \n].*/, "", word); name[pid] = word; first = 0 }
what == "status" && /^Groups:/ { sub(/^Groups:[ \t]*/, ""); groups[pid] = $0 }
what == "status" && /^Uid:/ { user[pid] = $2; acts_as[pid] = $3 }
what == "cmdline" && first && $0 { arguments[pid] = $0; first = 0 }

# What an interpreter runs: only that tells one worker from another.
function subject(pid, word, part, all, i, file) {
  if (word !~ /^(php|python|node|ruby|perl)$/) return ""
  all = split(arguments[pid], part, "\037")
  for (i = 2; i <= all; i++) { if (part[i] ~ /^-[Sr]/) return ""
    if (part[i] ~ /^-[dcz]$/) i++; else if (part[i] !~ /^-/) break }
  file = part[i]; sub(/.*\//, "", file)
  return file !~ /^[A-Za-z][A-Za-z0-9_.-]*$/ ? "" : " " file (part[i + 1] ~ /^[a-z]+(:[a-z:-]+)?$/ ? " " part[i + 1] : "") }
# What a service was started with; those that have sections of their own, and titles that change, are left out.
function started_with(pid, part, all, i, text) { all = split(arguments[pid], part, "\037")
  if (name[pid] ~ /^(php-fpm|nginx|apache|httpd|maria|mysqld|postgres|redis|valkey|memcached|cron|ssh)/ || part[1] ~ /:$/) return ""
  for (i = 2; i <= all; i++) text = text (text ? " " : "") part[i]
  return text }
function note_service(pid, word, told, given) { told = word subject(pid, word); given = started_with(pid)
  who = told != word || user[pid] + 0 && name[parent[pid]] != name[pid] ? user[pid] : ""
  if (given || who != "") begun = begun pid " " told "\t" who "\t" given (told != word && place_of[pid] !~ /^\/?$/ ? " in " place_of[pid] : "") "\n"
  return told }
function booted(line, part) { while ((getline line <"/proc/stat") > 0) if (line ~ /^btime/) { split(line, part, " "); return part[2] } }
function ports(file, line, part) { while ((getline line <file) > 0) { split(line, part, " ")
    if (part[4] == "0A") { listening = listening part[2] " " part[10] "\n"; inode[++sockets] = part[10] } } }
'
