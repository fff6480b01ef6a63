# Who may read and write configuration: a service or cron ignores what it may not read, or what
# everybody may write. And which keys there are that nobody opens.

permissions() {
    find /etc /usr/local /opt -xdev \( -name .git -o -name node_modules \) -prune -o -type f \( -perm -020 -o -perm -002 \
        -o ! -perm -004 -o ! -user 0 -o -name '*.key' -o -name '*.pem' -o -name '*_key' -o -name 'id_*' \
        -o -path '*/private/*' \) -print 2>/dev/null | grep -Ev "$(any_of "$noise")|/ssh_host_|shadow-$|/opasswd$|^/etc/ssl/certs/" |
        sort | head -n 1000 | tr '\n' '\000' | xargs -0 -r ls -ld
}
section config-permissions permissions
unread_outside() { for_each print_unread "$outside_paths"; }
section files-unread unread_outside
