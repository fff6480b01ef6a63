# How much room there is: disks, as far as they may run full, their mounts, and limits of the cgroup.

disks() { room -P; }
inodes() { room -Pi; }
room() {
    # shellcheck disable=SC2086 -- a path a word
    said=$(df "$1" / /tmp /var /srv /home $volumes 2>/dev/null)
    seen='' && for_each room_line "${said#*"$line_end"}"
}
room_line() {
    # shellcheck disable=SC2086 -- columns
    set -- $1
    total=$2 free=$4 && shift 5
    case $seen in *" $* "*) ;; *) seen="$seen $* " && echo "$* $total $free" ;; esac
}

functions=$functions'
function mounts(file) { needs(file); while ((getline <file) > 0)
  if ($2 ~ "^/((tmp|var|var/tmp|dev/shm)?$|(var/www|srv|home|opt|app|data|mnt|var/lib/(php|nginx|mysql|postgresql|redis))(/|$))")
    print $2, $3, $4
  close(file) }
function memory(file) { needs(file); while ((getline <file) > 0) if ($1 ~ /^(MemTotal|SwapTotal):$/) print $1, $2
  close(file); file = "/proc/self/status"; while ((getline <file) > 0) if ($1 == "Cpus_allowed_list:") print $1, $2
  close(file) }'
cgroup() {
    base=/sys/fs/cgroup
    own=
    [ ! -r /proc/self/cgroup ] || while read -r line; do case $line in 0::*) own=${line#0::} ;; esac; done </proc/self/cgroup
    [ ! -r "$base$own/memory.max" ] || base=$base$own
    for file in "$base/memory.max" "$base/memory/memory.limit_in_bytes" "$base/cpu.max" "$base/pids.max" "$base/cpu.weight" "$base/cpu/cpu.shares" \
        "$base/memory.high" "$base/memory.swap.max" "$base/memory/memory.memsw.limit_in_bytes" \
        "$base/cpu/cpu.cfs_quota_us" "$base/cpu/cpu.cfs_period_us" "$base/pids/pids.max"; do
        [ ! -r "$file" ] || { read -r limit <"$file"; echo "${file##*/} $limit"; }
    done
}
# Volumes of this machine on which programs have their data: a server of the network may not answer.
volumes=$(awk '$3 !~ /^(nfs|cifs|smb|fuse|9p|ceph|gluster|autofs|afs|lustre)/ && $2 ~ "^/(app|data|mnt|opt|srv|home|var/(www|lib|spool))/[^/]" { print $2 }' /proc/mounts 2>/dev/null)
quick disks disks
quick inodes inodes
by_awk mounts 'mounts("/proc/mounts")'
by_awk memory 'memory("/proc/meminfo")'
quick cgroup cgroup
