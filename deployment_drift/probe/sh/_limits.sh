# How far services may go: their limits, how the kernel ranks them, and the groups in which their workers are.

functions=$functions'
function limits(pid, name, file) { file = "/proc/" pid "/limits"
  while ((getline <file) > 0) { if (name) print "@@ " name; name = ""; print }
  close(file); file = "/proc/" pid "/status"; while ((getline <file) > 0) if (/^(Umask|CapEff|CapBnd|NoNewPrivs|Seccomp|Cpus_allowed_list):/) print
  close(file); ranked(pid) }
function ranked(pid, file, line, part) {
  file = "/proc/" pid "/oom_score_adj"; if ((getline line <file) > 0) print "Oom:", line; close(file)
  file = "/proc/" pid "/stat"; if ((getline line <file) > 0) {
    sub(/.*[)] /, "", line); split(line, part, " "); print "Nice:", part[17]; print "Policy:", part[39] }
  close(file) }
# names_of FILE: the names by their numbers, as in /etc/group.
function names_of(file, name, line, part) { while ((getline line <file) > 0) { split(line, part, ":"); name[part[3]] = part[1] } close(file) }
# groups_of WORKERS: of each line "PID PROGRAM USER GROUP…", which a service has kept since it began.
function groups_of(workers, user, group, line, part, all, count, n, i, told) { names_of("/etc/passwd", user); names_of("/etc/group", group)
  all = split(workers, line, "\n")
  for (n = 1; n <= all; n++) { split("", part); told = ""; count = split(line[n], part, " "); if (count < 3) continue
    for (i = 4; i <= count; i++) told = told " " (part[i] in group ? group[part[i]] : part[i])
    print "@@ " part[2]; print "Groups of " (part[3] in user ? user[part[3]] : part[3]) ":" told } }
function service_limits(all, line, i, at) { limits(1, "first process"); all = split(ENVIRON["running_services"], line, "\n")
  for (i = 1; i <= all; i++) { at = index(line[i], " "); limits(substr(line[i], 1, at - 1), substr(line[i], at + 1)) }
  groups_of(ENVIRON["worker_groups"]) }'
