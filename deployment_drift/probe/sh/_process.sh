# What is known of one process: its program, its arguments, what it was started with.

# known PID: set `known_user` and `known_program` as `kinds` has them, the latter as far as it may be seen.
known() {
    sought=$1 known_user='' known_program=''
    for_each is_known "$kinds"
    [ "$known_user" ]
}
is_known() {
    case $1 in "$sought "*) known_user=${1#* * * } && known_program=${known_user#* } && known_user=${known_user%% *} ;; esac
}

# program_of PID NAME…: set `program` to the file that it runs, else the first of these names that is there.
program_of() {
    known "$1"
    shift
    program=${known_program:-$(first_of "$@")}
    [ "$program" ] || return 43
}

# words PID: set `words` to the arguments of a running program, one a line, `title` to them in one.
words() { sought=$1 words='' title='' && for_each note_words "$processes"; }
note_words() {
    case $1 in "$sought "*) IFS=$field && set -f && set -- ${1#* } ;; *) return ;; esac
    for word; do words=$words${words:+$line_end}$word title="$title$word "; done
}
