# What the package managers say of /etc, and what lies outside all packages.

# as_brought: print "PATH: OK" or "PATH: FAILED" for every configuration file of a package.
as_brought() {
    if command -v dpkg-query >/dev/null; then
        known=$(dpkg-query -W -f '${Conffiles}\n') || return
        { echo "$known" | sed -n 's/^ \(.*\) \([0-9a-f]\{32\}\)$/\2  \1/p'
            cat /var/lib/ucf/hashfile 2>/dev/null; } | { md5sum -c 2>/dev/null || :; }
    fi
    if [ -r /lib/apk/db/installed ]; then apk_sums | { sha1sum -c 2>/dev/null || :; }; fi
    if command -v rpm >/dev/null; then
        known=$(rpm -qac) || return
        { rpm -Vac --nodeps --noscripts 2>/dev/null || :; } | awk -v known="$known" '
            /^..5/ { other[$NF] } END { n = split(known, paths, "\n")
            for (i = 1; i <= n; i++) if (paths[i] ~ /^\//)
                print paths[i] ": " (paths[i] in other ? "FAILED" : "OK") }'
    fi
}
# apk_sums: print apk's checksums below /etc as sha1sum does; apk writes them in base 64.
apk_sums() {
    awk 'function hex(text, i, j, n, all) { for (i = 1; i < 28; i += 4) { n = 0
            for (j = 0; j < 4; j++) n = n * 64 + (index(digits, substr(text, i + j, 1)) + 63) % 64
            all = all sprintf("%06x", n) } return substr(all, 1, 40) }
        BEGIN { digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" }
        /^F:/ { folder = substr($0, 3) } /^R:/ { name = substr($0, 3) }
        /^Z:Q1/ && folder ~ /^etc/ { print hex(substr($0, 5)) "  /" folder "/" name }' /lib/apk/db/installed
}
owned_paths() { grep -hE "^/($1)/" /var/lib/dpkg/info/*.list 2>/dev/null || :; }

# outside: hash what no package brought to /usr/local and /opt, bounded.
outside() {
    { owned_paths 'usr/local|opt'; echo; find /usr/local /opt -xdev \( -name .git -o -name node_modules \
        -o -name __pycache__ -o -name cache -o -name log -o -name logs -o -name tmp \) -prune -o \
        -type f ! -name '*.log' -size -40960 -print 2>/dev/null | sort
        find /etc -xdev -type f -size +511 2>/dev/null | grep -Ev "$(any_of "$noise")"; } |
        awk '$0 == "" { listed = 1 } !listed { owned[$0] } listed && $0 && !($0 in owned) && n++ < 2001' |
        grep -Ev "$unread" | readable_paths | xargs -0 ${hashing:-cksum} /dev/null
}
section config-as-brought as_brought
section config-owned owned_paths etc
section files-outside outside
