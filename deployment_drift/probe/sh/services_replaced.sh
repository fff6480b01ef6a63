# Services that still run with what is no longer there: a program or a library before an update, a release that
# is not the current one; and tables of mail that were not made anew.

replaced_since() {
    everybody || return
    seen='' && for_each replaced_program "$replaced"
    maps='' && for_each note_maps "$running_services"
    for_each replaced_library "$(grep -HoE '/[^ ]*[.]so[0-9.]* [(]deleted[)]$' /dev/null $maps 2>/dev/null | sort -u)"
    for_each older_release "$service_arguments"
    for table in /etc/*.db /etc/postfix/*.db /etc/mail/*.db; do
        [ ! "${table%.db}" -nt "$table" ] || echo "postmap ${table%.db}"
    done
}
replaced_program() { set -- "${1#* }" && case $1 in *' '/memfd* | *' '/dev/*) ;; *) [ ! -e "${1#* }" ] || first_seen "$1" ;; esac; }
note_maps() { maps="$maps /proc/${1%% *}/maps"; }
# replaced_library "/proc/PID/maps:FILE (deleted)": where there is another one now.
replaced_library() {
    library=${1#*:} && library=${library% (deleted)}
    [ ! -e "$library" ] || { sought=${1#/proc/} && sought=${sought%%/*} && for_each with_library "$running_services"; }
}
with_library() { case $1 in "$sought "*) first_seen "${1#* } $library" ;; esac; }
# older_release "PID NAME<tab>USER<tab>ARGUMENTS in FOLDER": where that is a release beside a link to another one.
older_release() {
    here "${1%% *}" && place=${1##* in } && case $place in /*/releases/*) ;; *) return 0 ;; esac
    name=${1%%	*} && name=${name#* } && current=${place%%/releases/*}/current
    [ -L "$current" ] && now=$(cd -P "$current" 2>/dev/null && pwd) && case ${place% (deleted)}/ in "$now"/*) ;; *) first_seen "$name $current" ;; esac
}
quick services-replaced replaced_since
