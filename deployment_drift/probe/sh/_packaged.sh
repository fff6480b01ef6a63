# Files below /usr that somebody changed or removed after a package brought them. To look at all of them would take
# seconds: only what is newer than the last installation is looked at.

packaged_at='/usr/bin /usr/sbin /usr/lib /usr/share'

# touched: print the files and folders that are newer.
touched() {
    find $packaged_at -xdev \( -path /usr/share/doc -o -path /usr/share/man -o -path /usr/share/locale -o -path /usr/share/info \
        -o -path /usr/share/lintian -o -name __pycache__ -o -name 'perl*' -o -name 'python3*' -o -path /usr/lib/systemd \) -prune -o \
        \( -type f -o -type d \) -newer /var/lib/dpkg/status -print 2>/dev/null
}
# note_packaged: add what is no longer as it was brought to `outside`, and what is gone to `removed_files`.
note_packaged() {
    removed_files='' && [ -e /var/lib/dpkg/status ] && touched=$(touched) && [ "$touched" ] || return 0
    for_each note_removed "$({ printf '%s\n\n' "$touched"; grep -hE '^/usr/(bin|sbin|lib|share)/' /var/lib/dpkg/info/*.list; } | awk '
        !over { if (!NF) over = 1; else folder[$0]; next }
        /^\/usr\/share\/(doc|man|locale|info|lintian)\// { next }
        { path = $0; while (sub(/\/[^\/]*$/, "", path) && path) if (path in folder) { if (n++ < 20000) print; next } }')"
    for_each note_other_content "$({ printf '%s\n\n' "$touched"; cat /var/lib/dpkg/info/*.md5sums; } | awk '
        !over { if (!NF) over = 1; else file[$0]; next }
        { path = substr($0, 35); if (path !~ /^usr\//) path = "usr/" path; if ("/" path in file) print substr($0, 1, 34) "/" path }' |
        md5sum -c 2>/dev/null)"
}
note_removed() {
    [ ! -e "$1" ] && [ ! -L "$1" ] || return 0
    gone=$1 && while [ ! -e "${gone%/*}" ]; do gone=${gone%/*}; done
    case $line_end$removed_files in *"$line_end$gone$line_end"*) ;; *) removed_files=$removed_files$gone$line_end ;; esac
}
note_other_content() { case $1 in *': FAILED') outside=$outside${outside:+$line_end}${1%: FAILED} ;; esac; }
