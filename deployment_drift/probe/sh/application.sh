# The applications of a host: their files by hash, their settings by line, folders and links.

applications() {
    if [ "$apps" ]; then echo "$apps"; else served | while read -r path; do root "$path"; done; fi |
        awk 'NF && !seen[$0]++' | grep . && return
    for path in /srv/* /var/www/* /opt/*; do
        if [ -d "$path" ] && find "$path" -maxdepth 3 -name '*.php' | grep -q .; then echo "$path"; fi
    done 2>/dev/null | grep . || return 44
}

# told_by FUNCTION: what it says of each application, where files that a service
# owns are data, unless they are code or the whole application is the service's.
told_by() {
    [ "$applications" ] || return 44
    echo "$applications" | while read -r app; do
        [ -d "$app" ] && [ -r "$app" ] || { echo "@@ refused $app" && continue; }
        echo "@@ app $app"
        data=
        for user in $service_users; do data="$data -o -user $user"; done
        [ -n "$data" ] && ! find "$app" -prune \( ${data# -o } \) | grep -q . || data=
        apart=${data:+"! ( ( ${data# -o } ) ! -name *.php ! -name *.phtml ! -name *.inc )"}
        "$1"
    done
}

applications=$(applications)
service_users=$(users)
section application told_by described
section application-files told_by hashed
section application-settings told_by set_up
section application-packages told_by installed

