# Starts the program that asks a host everything: frames what its sections print. `frame` is set
# before it: a random word that no host can know. Nothing is written, nobody is asked for input.
set -u
found_language=${LC_ALL:-${LANG:-}}
LC_ALL=C
export LC_ALL
found_path=$PATH
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # where a plain user's does not look
line_end='
'

# section NAME FUNCTION [ARGUMENT...]: print what the function prints, between two lines of ours.
# It runs in a subshell with an empty standard input. It returns 0 when this is the answer, 44
# when what is asked for is not there, and 43 when this user may not see it; whatever else it
# returns is a failure, whose reason is its last line on standard error.
section() {
    begin "$1"
    shift
    {
        said=$( ("$@") 2>&1 >&4 4>&- </dev/null)
        end "$?" "$said"
    } 4>&1
}
begin() { printf '\n%s begin %s\n' "$frame" "$1"; }
end() { printf '\n%s end %s %s\n' "$frame" "$1" "${2##*"$line_end"}"; }

# quick NAME FUNCTION [ARGUMENT...]: the same without a process of its own, for a function that neither
# exits nor asks what may hang. Where it fails it runs once more, to say why.
quick() {
    begin "$1"
    shift
    "$@" 2>/dev/null </dev/null
    set -- "$?" "$@"
    unset IFS && set +f
    case $1 in 0 | 44) end "$1" '' ;; *) end "$1" "$(shift && "$@" 2>&1 >/dev/null </dev/null)" ;; esac
}
status() { return "$1"; }
