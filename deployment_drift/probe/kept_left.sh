# The sh that kept.sh keeps reads this first: tells whether a command has left a process behind that
# still holds our outputs, for what that prints later would be taken for the next command's. Such a
# process is one of those that were started since; the kernel counts them. No variable of a host's
# environment begins with kept_.
started() { kept_first='' && read -r kept_a kept_b kept_c kept_d kept_first </proc/loadavg; } 2>/dev/null

left() {
    kept_left=
    [ "$kept_first" ] && read -r kept_a kept_b kept_c kept_d kept_last </proc/loadavg || return 0
    # too many, or counted from the beginning again: then one of them might be
    [ "$kept_last" -ge "$kept_first" ] && [ "$kept_last" -lt "$((kept_first + 5000))" ] || kept_left=' ?'
    while [ -z "$kept_left" ] && [ "$kept_first" -lt "$kept_last" ]; do
        kept_first=$((kept_first + 1))
        [ ! "/proc/$kept_first/fd/1" -ef "/proc/$$/fd/1" ] && [ ! "/proc/$kept_first/fd/2" -ef "/proc/$$/fd/3" ] &&
            [ ! "/proc/$kept_first/fd/2" -ef "/proc/$$/fd/1" ] || kept_left=" $kept_first"
    done
}
