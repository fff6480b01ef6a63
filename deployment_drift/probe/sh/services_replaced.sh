# Services that still run with what is no longer there: a program or a library before an update, a release that
# is not the current one; and tables of mail that were not made anew.

replaced_since() {
    everybody || return
    seen='' && for_each replaced_program "$replaced"
    for_each replaced_libraries "$running_services"
    for_each older_release "$service_arguments"
    for table in /etc/*.db /etc/postfix/*.db /etc/mail/*.db; do
        [ ! "${table%.db}" -nt "$table" ] || echo "postmap ${table%.db}"
    done
}
replaced_program() { set -- "${1#* }" && case $1 in *' '/memfd* | *' '/dev/*) ;; *) [ ! -e "${1#* }" ] || first_seen "$1" ;; esac; }
replaced_libraries() {
    maps=$(grep -oE '/[^ ]*[.]so[0-9.]* [(]deleted[)]$' "/proc/${1%% *}/maps" 2>/dev/null) || return 0
    name=${1#* } && for_each replaced_library "$maps"
}
replaced_library() { [ ! -e "${1% (deleted)}" ] || first_seen "$name ${1% (deleted)}"; }
# older_release "PID NAME<tab>USER<tab>ARGUMENTS in FOLDER": where that is a release beside a link to another one.
older_release() {
    here "${1%% *}" && place=${1##* in } && case $place in /*/releases/*) ;; *) return 0 ;; esac
    name=${1%%	*} && name=${name#* } && current=${place%%/releases/*}/current
    [ -L "$current" ] && now=$(cd -P "$current" 2>/dev/null && pwd) && case ${place% (deleted)}/ in "$now"/*) ;; *) first_seen "$name $current" ;; esac
}
quick services-replaced replaced_since
