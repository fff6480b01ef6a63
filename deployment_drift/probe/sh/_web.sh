# How running programs are found, for the questions about web servers and the application.

# Each process as "PID PARENT USER NAME", read at once: sh itself reads byte by byte.
list_named() {
    cat /proc/[0-9]*/status 2>/dev/null | awk -v visitors="$visitors" '/^Name:/ { name = $2 }
        /^Pid:/ { pid = $2 } /^PPid:/ { parent = $2 }
        /^Uid:/ && !index(visitors, " " pid " ") { print pid, parent, $2, name }'
}
named=$(list_named)

# running NAME...: "PID NAME" of the processes of these names that none of the same name started,
# a version behind the name aside.
running() {
    everybody || return
    echo "$named" | awk -v wanted=" $* " '{ name[$1] = kind = $4; parent[$1] = $2
        sub(/[0-9.]+$/, "", kind); if (index(wanted, " " kind " ")) kinds[$1] = kind }
        END { for (pid in kinds) if (name[parent[pid]] != name[pid]) print pid, kinds[pid] }' |
        sort -n | while read -r pid kind; do ! here "$pid" || echo "$pid $kind"; done
}

# program PID NAME...: the file of a running program, else that of the first of these names.
program() {
    of=$1
    shift
    readlink "/proc/$of/exe" 2>/dev/null | sed 's/ (deleted)$//' | grep . || first_of "$@"
}

# words PID: the arguments of a running program, one a line.
words() { tr '\0' '\n' <"/proc/$1/cmdline"; }
