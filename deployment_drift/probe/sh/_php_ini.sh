# Which lines set something in files of PHP and php-fpm, and whether all of these may be read.

# ini_lines FILE…: what the files set, as "FILE:LINE:name = value"; comments are left out.
ini_lines() {
    for file; do ! closed "$file" || { echo "$file" >&2 && return 43; }; done
    grep -ns '^[[:blank:]]*[^;#[:blank:]]' /dev/null "$@" || : # that nothing is set is an answer
}

# all_ini_read SAID: 43 where an ini file was left out of what `-i` said, since this user may not read it.
all_ini_read() {
    printf '%s\n' "$1" | sed -n 's/^Configuration File (php.ini) Path => //p
        s/^Scan this dir for additional .ini files => //p' | tr ':' '\n' | grep '^/' | while read -r folder; do
        for file in "$folder"/*.ini; do ! closed "$file" || { echo "$file" >&2 && exit 43; }; done
    done
}
