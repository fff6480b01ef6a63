# Units of systemd beside those of /etc: what no package brought, and what was edited where a package put it.

unit_folders=
for path in /usr/lib/systemd/system /usr/local/lib/systemd/system /run/systemd/system.control; do [ ! -d "$path" ] || unit_folders="$unit_folders $path"; done

# unit_sums: print what packages say of units, as md5sum does; /lib is a link to /usr/lib.
unit_sums() {
    [ -z "$unit_folders" ] || grep -hE '  (usr/)?lib/systemd/system/' /var/lib/dpkg/info/*.md5sums 2>/dev/null | sed 's,  \(usr/\)*,  /usr/,'
}
# usual_units: units of packages that are edited now and then, with what somebody edits there beside it.
usual_units() {
    for path in php*-fpm nginx apache2 httpd mariadb mysql mysqld redis-server postgresql@ memcached cron supervisor; do
        for path in /usr/lib/systemd/system/$path.service; do [ ! -f "$path" ] || echo "$path"; done
    done
}
# changed_units SUMS: those of which packages know nothing, and those that are not as they say.
changed_units() {
    [ "$unit_folders" ] && [ -d /var/lib/dpkg/info ] || unit_folders=/usr/local/lib/systemd/system
    {
        printf '%s\n' "$1"
        find $unit_folders -type f \( -name '*.service' -o -name '*.timer' -o -name '*.socket' -o -name '*.path' -o -name '*.conf' \) 2>/dev/null
    } | awk '{ path = $0; if (sub(/^[0-9a-f]*  /, "", path)) known[path]; else if (!(path in known)) print path }'
    [ -z "$1" ] || printf '%s\n' "$1" | md5sum -c 2>/dev/null | sed -n 's/: FAILED$//p'
}
