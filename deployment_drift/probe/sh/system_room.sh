# How much room there is: disks, as far as they may run full, their mounts, and limits of the cgroup.

disks() { df -P / /tmp /var /srv /home 2>/dev/null | awk 'NR > 1 { print $6, $2, $4 }' | sort -u; }
inodes() { df -Pi / /tmp /var /srv /home 2>/dev/null | awk 'NR > 1 { print $6, $2, $4 }' | sort -u; }
mounts() { awk '$2 ~ "^/(tmp|var|var/tmp|var/www|srv|home|dev/shm)?$" { print $2, $4 }' /proc/mounts; }

memory() { awk '/^(MemTotal|SwapTotal):/ { print $1, $2 }' /proc/meminfo; }

cgroup() {
    base=/sys/fs/cgroup
    own=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null)
    [ ! -r "$base$own/memory.max" ] || base=$base$own
    for file in "$base/memory.max" "$base/memory/memory.limit_in_bytes" "$base/cpu.max" "$base/pids.max" \
        "$base/cpu/cpu.cfs_quota_us" "$base/cpu/cpu.cfs_period_us" "$base/pids/pids.max"; do
        [ ! -r "$file" ] || { read -r limit <"$file"; echo "${file##*/} $limit"; }
    done
}
section disks disks
section inodes inodes
section mounts mounts
section memory memory
section cgroup cgroup
