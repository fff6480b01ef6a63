# The files of /etc, and of other folders those that no package brings, found by one walk.

# Equal servers differ in these, or they say nothing of how a server works; other sections ask for
# names, users, certificates and the distribution.
noise='/(ld[.]so[.]cache|mtab|machine-id|host(name|s|id)|resolv[.]conf|passwd-?|group-?|subuid-?|subgid-?)$
/(adjtime|fstab|motd|issue([.]net)?|[.]pwd[.]lock|[.]updated|mailname|popularity-contest[.]conf|moduli|xattr[.]conf)$
/(os-release|debian_version|alpine-release|timezone|localtime|initiatorname[.]iscsi)$
^/etc/(apt/(trusted[.]gpg[.]d|keyrings)|ssl/certs|fonts|skel|logcheck|rc.[.]d|letsencrypt|X11|init[.]d)/
^/etc/(mime.types$|bindresvport|ca-certificates/|pki/ca-trust|alternatives/README|alternatives/.*[.]gz|udev/hwdb|terminfo/|profile[.]d/gawk)
[.](gpg|asc|db|bin|cache|pyc|swp|bak|orig|rej|pub|pid|dpkg-[a-z]*|ucf-[a-z]*|rpmnew|rpmsave|apk-new)$|~$'

outside_of='/usr/local /opt'
[ ! -d /var/lib/dpkg/info ] || outside_of="$outside_of /usr/share/fonts /usr/share/php /usr/lib/php"

any_of() { printf %s "$1" | tr '\n' '|'; } # one expression of several

# walk: print a file once, a large one twice, a link three times, a folder four times. Without the
# options that not every find has, nothing else tells them apart in one walk.
walk() {
    find /etc $outside_of -xdev ! -path '/etc/*' \( -name .git -o -name node_modules \) -prune -o \
        -type d -print -print -print -print -o -type l -print -print -print -o \
        -type f -size +191 -print -print -o -type f -print 2>/dev/null | sort
}
# "KIND PATH": `lines`, `large` and `link` below /etc, `file` elsewhere, `folder`.
worth_a_look() {
    noise=$noise unread=$unread awk '
        function tell(path, times) {
            if (times == 4) { if (path ~ /^\/(etc|usr\/local|opt)(\/|$)/ && path !~ /\/([.]git|node_modules)(\/|$)/ && path "/" !~ dull) print "folder " path "/" }
            else if (path ~ /^\/etc\//) { if (path !~ dull) print kind[times] " " path }
            else if (times < 3 && path !~ used && path !~ closed) print "file " path }
        BEGIN { split("lines large link", kind); closed = ENVIRON["unread"]; dull = ENVIRON["noise"] "\n" closed
            gsub(/\n/, "|", dull); used = "/([.]git|node_modules|__pycache__|cache|logs?|tmp)(/|$)|[.]log$" \
                "|^/usr/share/(php/[.]|fonts/.*/([.]uuid|fonts[.][a-z0-9-]*)$)" }
        $0 != path { if (times) tell(path, times); path = $0; times = 0 }
        { times++ }
        END { if (times) tell(path, times) }'
}
