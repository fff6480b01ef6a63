# What is known of one process: its program, its arguments, what it was started with.

# known PID: set `user` and `program` as `kinds` has them, the latter as far as it may be seen.
known() {
    sought=$1 user='' program=''
    for_each is_known "$kinds"
    [ "$user" ]
}
is_known() {
    case $1 in "$sought "*) user=${1#* * * } && program=${user#* } && user=${user%% *} ;; esac
}

# program_of PID NAME…: set `program` to the file that it runs, else the first of these names that is there.
program_of() {
    known "$1"
    [ -z "$program" ] || return 0
    shift
    program=$(first_of "$@") || return 43
}

# words PID [FORMAT]: the arguments of a running program, one a line.
words() { sought=$1 format=${2:-'%s\n'} && for_each print_words "$processes"; }
print_words() {
    case $1 in "$sought "*) IFS=$field && set -f && set -- ${1#* } && printf "$format" "$@" ;; esac
}
