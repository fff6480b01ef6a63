# Whether there is room for the processes of this program. Where there is not, some of its pipes were
# never begun, and what they did not print would look like an answer: then nothing is one.

# nested NUMBER: whether so many processes can run at once, each in the one before.
nested() { [ "$1" = 0 ] || (nested "$(($1 - 1))"; exit "$?"); }
# few: whether that is in question: it is not tried where hundreds are allowed.
few() {
    most='' && [ ! -r /proc/self/limits ] || while read -r kind of most _ && [ "$kind $of" != 'Max processes' ]; do :; done </proc/self/limits
    for folder in /sys/fs/cgroup /sys/fs/cgroup/pids; do
        [ -r "$folder/pids.current" ] && read -r now <"$folder/pids.current" && read -r allowed <"$folder/pids.max" || continue
        [ "$allowed" = max ] || [ "$((allowed - now))" -gt 100 ] || return 0
    done
    case $most in '' | *[!0-9]* | ????*) return 1 ;; esac
}
if few; then
    begin ''
    if nested 20; then end 0 ''; else end 1 'too few processes may be begun here, so that some of ours were not'; fi
fi
