# How much room there is: disks, as far as they may run full, their mounts, and limits of the cgroup.

disks() { room -P; }
inodes() { room -Pi; }
room() {
    df "$1" / /tmp /var /srv /home 2>/dev/null | {
        read -r _
        seen=
        while read -r _ total _ free _ place; do
            case $seen in *" $place "*) ;; *) seen="$seen $place " && echo "$place $total $free" ;; esac
        done
    }
}
mounts() { awk '$2 ~ "^/(tmp|var|var/tmp|var/www|srv|home|dev/shm)?$" { print $2, $4 }' /proc/mounts; }

memory() {
    while read -r name size _; do case $name in MemTotal: | SwapTotal:) echo "$name $size" ;; esac; done </proc/meminfo
}
cgroup() {
    base=/sys/fs/cgroup
    own=
    [ ! -r /proc/self/cgroup ] || while read -r line; do case $line in 0::*) own=${line#0::} ;; esac; done </proc/self/cgroup
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
