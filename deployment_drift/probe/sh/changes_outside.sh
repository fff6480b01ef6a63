# What no package brought to /usr/local and /opt, and what of /etc is too large to be read by lines.

owned_paths() { grep -hE "^/($1)/" /var/lib/dpkg/info/*.list 2>/dev/null || :; }

# outside_files: print the paths, at most 2,001, that are neither a package's nor written by use.
outside_files() {
    { owned_paths 'usr/local|opt'; echo; find /usr/local /opt -xdev \( -name .git -o -name node_modules \
        -o -name __pycache__ -o -name cache -o -name log -o -name logs -o -name tmp \) -prune -o \
        -type f ! -name '*.log' -print 2>/dev/null | sort
        find /etc -xdev -type f -size +191 2>/dev/null | grep -Ev "$(any_of "$noise")"; } |
        awk '$0 == "" { listed = 1 } !listed { owned[$0] } listed && $0 && !($0 in owned) && n++ < 2001' |
        grep -Ev "$unread" | readable_paths
}
# outside_by large|small: print those whose sizes are to be compared, or whose content: no file
# above 8 MB, and 64 MB together.
outside_by() {
    outside_files | xargs -0 ls -ln /dev/null | awk -v wanted="$1" '/^-/ { size = $5; total += size
        large = size > 8000000 || total > 64000000; if (large) total -= size
        if (large != (wanted == "large")) next
        for (i = 0; i < 8; i++) sub(/^[^ ]+ +/, ""); print (large ? size " bytes\t" : "") $0 }'
}
hashed_outside() { outside_by small | readable_paths | xargs -0 ${hashing:-cksum} /dev/null; }

section config-owned owned_paths etc
section files-outside hashed_outside
section files-large outside_by large
