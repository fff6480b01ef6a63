# Starts the program that asks a host everything: frames what its sections print. `frame` is set
# before it: a random word that no host can know. Nothing is written, nobody is asked for input.
set -u
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
    section=$1
    shift
    printf '\n%s begin %s\n' "$frame" "$section"
    {
        said=$( ("$@") 2>&1 >&4 4>&- </dev/null)
        status=$?
    } 4>&1
    said=${said##*"$line_end"}
    printf '\n%s end %s %s\n' "$frame" "$status" "$said"
}

# closed PATH: whether this user may not read a file, or may not look where a file or a pattern is.
closed() {
    if [ -e "$1" ]; then [ ! -r "$1" ]; else [ -d "${1%/*}" ] && { [ ! -r "${1%/*}" ] || [ ! -x "${1%/*}" ]; }; fi
}

# answered SAID FUNCTION: what a function has said already; where it said nothing, it is asked why.
answered() { if [ "$1" ]; then printf '%s\n' "$1"; else "$2" >/dev/null; fi; }

# readable FILE: print it; 44 where there is none, 43 where this user may not read it.
readable() {
    ! closed "$1" || return 43
    [ -e "$1" ] || return 44
    cat "$1"
}
