# The applications of a host: their files by hash, their settings by line, folders and links.

applications() {
    found=$apps && [ "$apps" ] || { leads=$(served) && found=$(for_each root "$leads") && found=$found$line_end$(for_each aliased "$leads"); }
    [ -z "${found%"$line_end"}" ] || { seen='' && for_each first_seen "$found" && return; }
    for path in /srv/* /var/www/* /opt/*; do
        if [ -d "$path" ] && find "$path" -maxdepth 3 -name '*.php' | grep -q .; then echo "$path"; fi
    done 2>/dev/null | grep . || return 44
}

# look_into APP: set what is hashed, told and read of it. What its service owns is data, unless it is code or
# the whole application is the service's.
look_into() {
    nth=$((nth + 1))
    [ ! -d "$1" ] || [ ! -r "$1" ] || eval "$({ look_within "$1" && overridden "$1"; } | sort | app=$1 nth=$nth awk "$quoted$listed"'
        function tell() { data = n >= 8; n %= 8; if (path == app) owned = data
            if (n % 2 && (!data || owned) && hashed < 20001) hash[++hashed] = path
            if (int(n / 2) % 2 && all < 5001) told[++all] = path
            if (n >= 4 && (!data || owned) && settings < 201) setting[++settings] = path }
        BEGIN { app = ENVIRON["app"]; nth = ENVIRON["nth"] }
        $0 != path { if (n) tell(); path = $0; n = 0 } { n++ }
        END { tell(); assign("hashed_" nth, hash, hashed); assign("told_" nth, told, all); assign("settings_" nth, setting, settings) }')"
}
# told_by FUNCTION LIST: what it says of each application, with the names in a list of it.
told_by() { [ "$applications" ] || return 44; telling=$1 list=$2 nth=0 told=0 && for_each tell_application "$applications" && return "$told"; }
tell_application() {
    app=$1 nth=$((nth + 1))
    [ -d "$app" ] && [ -r "$app" ] || { echo "@@ refused $app" && return; }
    echo "@@ app $app" && eval "names=\$${list}_$nth" && "$telling" || told=$?
}
# ancestors: add the folders on the way to it to `above`.
ancestors() { at=$app; while [ "${at%/*}" ]; do at=${at%/*} && above=$above$at$line_end; done; }
users && applications=$(applications) 2>/dev/null
nth=0 && for_each look_into "$applications"
quick application told_by described told
quick application-files told_by hashed hashed
quick application-packages told_by installed told
settings_of_applications() { quick application-settings told_by set_up settings; }
masked settings_of_applications
