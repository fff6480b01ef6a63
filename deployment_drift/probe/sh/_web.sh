# How running programs are found, for the questions about web servers and the application.

# running NAME...: "PID NAME" of the processes of these names that none of the same name started,
# a version behind the name aside. Those of containers that share this kernel have another root.
running() {
    [ -r /proc/1/comm ] || return 43
    for process in /proc/[0-9]*; do
        read -r name <"$process/comm" || continue
        kind=${name%"${name##*[!0-9.]}"}
        case " $* " in *" $kind "*) ;; *) continue ;; esac
        [ "$process/root/." -ef / ] || [ ! -e "$process/root/." ] || continue
        read -r _ _ _ parent _ <"$process/stat" && read -r above <"/proc/$parent/comm" || above=
        [ "$above" = "$name" ] || echo "${process#/proc/} $kind"
    done 2>/dev/null
}

# program PID NAME...: the file of a running program, else that of the first of these names.
program() {
    of=$1
    shift
    readlink "/proc/$of/exe" 2>/dev/null | sed 's/ (deleted)$//' | grep . ||
        command -v "$@" | head -n 1 | grep .
}

# words PID: the arguments of a running program, one a line.
words() { tr '\0' '\n' <"/proc/$1/cmdline"; }
