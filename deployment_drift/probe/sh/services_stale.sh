# Which services run with an older configuration than the one that is there: "NAME FILE". A reload
# keeps the first process and replaces its children: the oldest child says when. Redis writes its file itself.

# readers: "NAME SECONDS" for each service that reads files when it starts, since 1970.
readers() {
    cat /proc/stat /proc/[0-9]*/stat 2>/dev/null | awk '$1 == "btime" { boot = $2 }
        { word = rest = $0; sub(/^[0-9]+ \(/, "", word); sub(/\) .*/, "", word); sub(/.*\) /, "", rest)
          if (word !~ /^(php-fpm[0-9.]*|nginx|apache2|httpd|mariadbd|mysqld)$/) next
          split(rest, part, " "); name[$1] = word; parent[$1] = part[2]; start[$1] = int(boot + part[20] / 100) }
        END { for (pid in name) { at = parent[pid]; if (!(at in name) || name[at] != name[pid]) continue
                child[pid]; if (!(at in oldest) || start[pid] < oldest[at]) oldest[at] = start[pid] }
              for (pid in name) if (!(pid in child)) print name[pid], pid in oldest ? oldest[pid] : start[pid] }'
}
files_of() {
    case $1 in
        php-fpm?*) echo "/etc/php/${1#php-fpm}/fpm" ;;
        php-fpm) echo /etc/php.ini /etc/php.d /etc/php-fpm.conf /etc/php-fpm.d /usr/local/etc/php /usr/local/etc/php-fpm.d ;;
        nginx) echo /etc/nginx ;;
        apache2 | httpd) echo /etc/apache2 /etc/httpd ;;
        *) echo /etc/mysql /etc/my.cnf /etc/my.cnf.d ;;
    esac
}
# changed_since SECONDS PATH…: the file that was changed last, if that was later.
changed_since() {
    since=$1 && shift
    files=$(find -L "$@" -name '*-available' -prune -o -type f ! -name '.*' ! -name '*~' ! -name '*.dpkg-*' -print 2>&1)
    case $files in *'Permission denied'*) echo "$* may not be looked through by this user" >&2 && return 43 ;; esac
    with_names "$files" stat -L -c '%Y %n' | awk -v since="$((since + 2))" '
        $1 > since { since = $1; last = $0 } $1 == since && $0 > last && last { last = $0 }
        END { if (sub(/^[0-9]+ /, "", last)) print last }'
}
stale() {
    everybody || return
    found=$(readers) && [ "$found" ] || return 44
    command -v stat >/dev/null || { echo 'nothing here tells when a file was changed' >&2 && return 43; }
    echo "$found" | sort | while read -r name seconds; do
        file=$(changed_since "$seconds" $(files_of "$name")) || exit
        [ -z "$file" ] || echo "$name $file"; done
}
section services-stale stale
