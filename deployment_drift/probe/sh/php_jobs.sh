# The PHPs of crontabs, units, workers and servers that are not the command line's, as lines of
# "KIND PROGRAM PLACE OPTION…".

other() {
    usual=${usual-$(readlink -f "$(command -v php)" 2>/dev/null)}
    [ -n "$1" ] && [ "$(readlink -f "$1")" != "$usual" ]
}
other_phps() {
    for_each other_job "$(called)"
    case $processes in *php* | *'unit: '*) for_each other_server "$(serving_phps)" ;; esac
}
other_job() {
    # shellcheck disable=SC2086 -- words: kind, word, line of a file, PATH
    set -- $1
    program=$(PATH=$4 command -v "$2")
    ! other "$program" || echo "$1 $program $3"
}
other_server() {
    kind=${1%% *} options=${1#* * } && pid=${1#* } && pid=${pid%% *} && word=${options%% *} && options=${options#"$word"}
    program_of "$pid" "$word" && program=$(readlink -f "$program") # root sees no link of it
    ! here "$pid" || ! may_be_php "$pid" || { [ "$kind" = worker ] && ! other "$program" && [ -z "$options" ]; } ||
        echo "$kind $program $pid $options"
}
others=$(other_phps 2>/dev/null)
[ -z "$others" ] || others=$(printf '%s\n' "$others" | sort -k 1,2 -k 4 | awk '{ at = $3; $3 = ""; if (seen[$0]++) next
    n = ++same[$1 $2]; $3 = at; if (n > 1) $1 = $1 n; print }')
[ -z "$others" ] || printf '%s\n' "$others" | while read -r kind program place options; do
    section "php-job $kind: $program" ask_job "$place" "$program" $options
done
jobs() { everybody && open_jobs && printf '%s\n' "$others"; }
job_sections() {
    quick jobs jobs
    for_each environ_of_server "$others"
}
environ_of_server() {
    # shellcheck disable=SC2086 -- words
    set -- $1
    case $1 in FastCGI* | server*) ! known "$3" || quick "environ $1: $2" environ_of_another "$3" "$known_user" ;; esac
}
masked job_sections
