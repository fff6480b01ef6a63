# What no package brought to these folders, and what of /etc is too large to be read by lines: `outside`.

# sized: print "small PATH" for a file whose content is to be compared, "large SIZE PATH" for one above
# 8 MB or beyond 64 MB together; of a folder as /opt/NAME with more than 500 files, only how many they
# are and how large, and of the others at most 2,001.
sized() {
    awk '/^-/ { size[++all] = $5; for (i = 0; i < 8; i++) sub(/^[^ ]+ +/, ""); path[all] = $0
          split($0, part, "/"); folder[all] = "/" part[2] "/" part[3] "/" part[4]; files[folder[all]]++ }
        END { for (i = 1; i <= all; i++)
            if (files[folder[i]] > 500) bytes[folder[i]] += size[i]
            else if (n++ < 2001) { if (size[i] > 8000000 || total + size[i] > 64000000) print "large " size[i] " bytes\t" path[i]
              else { total += size[i]; print "small " path[i] } }
          for (each in bytes) printf "large %d files, %.0f bytes\t%s\n", files[each], bytes[each], each }'
}
# measured: set `small` and `large` to what it prints of the paths outside.
measured() {
    small='' large='' && [ "$outside" ] && for_each note_size "$(with_names "$outside" ls -ln | sized)"
}
note_size() {
    case $1 in
        large*) large=$large${1#large }$line_end ;;
        small*) [ ! -r "${1#small }" ] || small=$small${1#small }$line_end ;;
    esac
}
# capable: programs that may what only root may, as setcap gave them that; who has no getcap has no setcap.
capable() {
    command -v getcap >/dev/null || return 44
    getcap -r /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /opt/*/bin 2>/dev/null || :
}
# linked: libraries that programs find outside of the system's folders: what ldconfig has not read is not found.
linked() {
    command -v ldconfig >/dev/null || return 44
    ldconfig -p 2>/dev/null | awk '$NF ~ /^\// && $NF !~ /^(\/usr)?\/lib/ { print $1, $NF }'
}
measured
quick files-linked linked
quick files-capable capable
quick files-outside with_names "${small%"$line_end"}" ${hashing:-cksum}
quick files-large printf %s "$large"
