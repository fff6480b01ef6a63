# The files of /etc, and of other folders those that no package brings, found by one walk.

outside_of='/usr/local /opt'
[ ! -d /var/lib/dpkg/info ] || outside_of="$outside_of /usr/share/fonts /usr/share/php /usr/lib/php"

# Who may read and write these, or what they are called, matters: a key, a file that cron ignores.
delicate="-perm -020 -o -perm -002 -o ! -perm -004 -o ! -user 0 -o -name *.key -o -name *.pem -o -name *_key
-o -name id_* -o -path */private/* -o -path */bin/* ! -perm -001 -o -path */sbin/* ! -perm -001"

# walk: print a file once, a large one twice, a link three times, a folder four times, and a delicate
# file four times more. Without the options that not every find has, one walk tells no more.
walk() (
    set -f
    find /etc $outside_of -xdev ! -path '/etc/*' \( -name .git -o -name node_modules \) -prune -o \
        -type d -print -print -print -print -o -type l -print -print -print -o \
        -type f \( $delicate \) -print -print -print -print ! -type f -o -type f \( -size +191 -o -path /etc/mime.types \) -print -print -o -type f -print 2>/dev/null | sort
)
# worth_a_look: of the packages' own paths and, behind an empty line, of this walk, set `changed`, `links` and
# `folders` to those below /etc, `exposed` to delicate ones, `outside` to what no package brought, as far as it matters.
worth_a_look() {
    noise=$noise unread=$unread served="$line_end$tls_files$line_end" awk "$quoted$listed"'
        function told(path) { return path ~ /^\/(etc|usr\/local|opt)(\/|$)/ && path !~ /\/([.]git|node_modules)(\/|$)/ }
        function tell(path, times) {
            if (times == 4) { if (told(path) && path "/" !~ dull) folder[++folders] = path "/"; return }
            if (times > 4 && told(path) && path !~ noise && path !~ hidden && risky < 1001) delicate[++risky] = path
            if (times > 4) times -= 4
            if (path !~ /^\/etc\//) { if (!(path in owned) && path !~ used && path !~ closed) { if (times < 3) free[++all] = path; else if (path ~ called) link[++links] = path } }
            else if (path ~ dull) return
            else if (index(ENVIRON["served"], "\n" path "\n")) return
            else if (times == 1 && path !~ /[.](crt|cer|der)$/) line[++lines] = path
            else if (times < 3) free[++all] = path
            else link[++links] = path }
        BEGIN { closed = ENVIRON["unread"]; noise = ENVIRON["noise"]; gsub(/\n/, "|", noise)
            called = "^/(usr/local|opt)/([^/]+/)*s?bin/[^/]+$|^/opt/[^/]+$|^/usr/local/(man[^/]|[^m/])[^/]*$"; dull = noise "|" closed; hidden = "/ssh_host_|shadow-$|/opasswd$|^/etc/ssl/certs/"
            used = "^/usr/local/lib/systemd/|/([.]git|node_modules|__pycache__|cache|logs?|tmp)(/|$)|[.]log$|^/usr/share/(php/[.]|fonts/.*/([.]uuid|fonts[.][a-z0-9-]*)$)" }
        !walked { if ($0 == "") walked = 1; else owned[$0]; next }
        $0 != path { if (times) tell(path, times); path = $0; times = 0 } { times++ }
        END { if (times) tell(path, times)
            assign("changed", line, lines); assign("links", link, links); assign("folders", folder, folders)
            assign("exposed", delicate, risky); assign("outside", free, all) }'
}
