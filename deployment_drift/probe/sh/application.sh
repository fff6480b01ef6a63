# The applications of a host: their files by hash, their settings by line, folders and links.

applications() {
    found=$(if [ "$apps" ]; then echo "$apps"; else for_each root "$(served)"; fi)
    [ -z "$found" ] || { seen='' && for_each first_seen "$found" && return; }
    for path in /srv/* /var/www/* /opt/*; do
        if [ -d "$path" ] && find "$path" -maxdepth 3 -name '*.php' | grep -q .; then echo "$path"; fi
    done 2>/dev/null | grep . || return 44
}

# with_data APP: it, and what find leaves out: files that a service owns are data, unless they are code
# or the whole application is the service's.
with_data() {
    data=
    for user in $service_users; do data="$data -o -user $user"; done
    # shellcheck disable=SC2086 -- tests are words
    [ -z "$data" ] || [ -z "$(find "$1" -prune \( ${data# -o } \))" ] || data=
    echo "$1$field${data:+"! ( ( ${data# -o } ) ! -name *.php ! -name *.phtml ! -name *.inc )"}"
}
# told_by FUNCTION: what it says of each application.
told_by() { [ "$applications" ] && telling=$1 && for_each tell_application "$applications" || return 44; }
tell_application() {
    app=${1%%"$field"*} apart=${1#*"$field"}
    if [ -d "$app" ] && [ -r "$app" ]; then echo "@@ app $app" && "$telling" || exit; else echo "@@ refused $app"; fi
}
# ancestors: the folders on the way to it.
ancestors() { at=$app; while [ "${at%/*}" ]; do at=${at%/*}; echo "$at"; done; }
service_users=$(users)
applications=$(applications=$(applications) && for_each with_data "$applications") 2>/dev/null
section application told_by described
section application-files told_by hashed
section application-packages told_by installed
settings_of_applications() { section application-settings told_by set_up; }
masked settings_of_applications
