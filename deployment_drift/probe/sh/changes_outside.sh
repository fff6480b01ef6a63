# What no package brought to these folders, and what of /etc is too large to be read by lines.
outside_of='/usr/local /opt'
[ ! -d /var/lib/dpkg/info ] || outside_of="$outside_of /usr/share/fonts /usr/share/php /usr/lib/php"
owned_paths() { grep -hE "^/($1)/" /var/lib/dpkg/info/*.list 2>/dev/null || :; }

# outside: print the paths that are neither a package's nor written by use.
outside() {
    { owned_paths 'usr/(local|lib/php|share/php|share/fonts)|opt'; echo; find $outside_of -xdev \( -name .git -o -name node_modules \
        -o -name __pycache__ -o -name cache -o -name log -o -name logs -o -name tmp \) -prune -o \
        -type f ! -name '*.log' -print 2>/dev/null | sort
        find /etc -xdev -type f -size +191 2>/dev/null | grep -Ev "$(any_of "$noise")"; } |
        awk '$0 == "" { listed = 1 } !listed { owned[$0] } listed && $0 && !($0 in owned)' |
        grep -Ev "^/usr/share/(php/[.]|fonts/.*/([.]uuid|fonts[.][a-z0-9-]*)$)|$unread"
}
outside_paths=$(outside)
# outside_in few|many: those in folders as /opt/NAME of up to 500 files, at most 2,001; or the rest.
outside_in() {
    echo "$outside_paths" | awk -F / -v wanted="$1" '$0 { path[++all] = $0; folder[all] = $2 "/" $3 "/" $4
        count[folder[all]]++ } END { for (i = 1; i <= all; i++) { many = count[folder[i]] > 500
        if (many == (wanted == "many") && (many || n++ < 2001)) print path[i] } }' | readable_paths
}
# outside_by large|small: print those whose sizes are to be compared, or whose content: no file
# above 8 MB, and 64 MB together.
outside_by() {
    outside_in few | xargs -0 ls -ln /dev/null | awk -v wanted="$1" '/^-/ { size = $5; total += size
        large = size > 8000000 || total > 64000000; if (large) total -= size
        if (large != (wanted == "large")) next
        for (i = 0; i < 8; i++) sub(/^[^ ]+ +/, ""); print (large ? size " bytes\t" : "") $0 }'
}
# crowded: of folders with many files, how many and how large they are together.
crowded() {
    outside_in many | xargs -0 ls -ln /dev/null | awk '/^-/ { size = $5; for (i = 0; i < 8; i++) sub(/^[^ ]+ +/, "")
        split($0, part, "/"); folder = "/" part[2] "/" part[3] "/" part[4]; n[folder]++; bytes[folder] += size }
        END { for (folder in n) printf "%d files, %.0f bytes\t%s\n", n[folder], bytes[folder], folder }'
}
hashed_outside() { outside_by small | readable_paths | xargs -0 ${hashing:-cksum} /dev/null; }

section config-owned owned_paths etc
section files-outside hashed_outside
section files-large eval 'outside_by large && crowded'
