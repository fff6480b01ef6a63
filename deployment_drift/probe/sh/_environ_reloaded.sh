# How much longer a php-fpm makes its own environment when it is reloaded by USR2: it runs itself once more,
# and tells itself in FPM_SOCKETS=ADDRESS=DESCRIPTOR,… at which sockets it listens already.

# handed_on PID: set `handed` to that; 1 where it is no php-fpm, or its sockets may not be seen.
handed_on() {
    handed=0
    case $line_end$kinds in *"$line_end$1 php-fpm "*) ;; *) return 1 ;; esac
    handed=$({ ls -l "/proc/$1/fd" && cat /proc/net/unix /proc/net/tcp /proc/net/tcp6; } 2>/dev/null | awk '
        function number(hex, i, n) { for (i = 1; i <= length(hex); i++) n = n * 16 + index("123456789ABCDEF", substr(hex, i, 1))
            return n + 0 }
        function digits(hex, i, n) { if (length(hex) > 8) return hex ~ /[^0]/ ? 999 : 2 # [::]; another one is left out
            for (i = 1; i < 8; i += 2) n += length(number(substr(hex, i, 2)))
            return n + 3 }
        function note(long, at) { all += long + length(at) + 2 }
        / -> socket:/ { inode = $NF; gsub(/[^0-9]/, "", inode); held[inode] = $(NF - 2) }
        $4 == "00010000" && ($7 in held) { note(length($8), held[$7]) }
        $4 == "0A" && ($10 in held) { split($2, part, ":"); note(digits(part[1]) + 1 + length(number(part[2])), held[$10]) }
        END { print all ? all + 12 : 0 }')
    [ "$handed" != 0 ]
}
