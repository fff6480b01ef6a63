# What no package brought to these folders, and what of /etc is too large to be read by lines.

owned=$(grep -hE '^/(etc|usr/(local|lib/php|share/php|share/fonts)|opt)/' /var/lib/dpkg/info/*.list 2>/dev/null)

# outside: print the paths that are neither a package's nor written by use.
outside() {
    case $line_end$paths in *"${line_end}file "* | *"${line_end}large "*) ;; *) return ;; esac
    printf '%s\n\n%s\n' "$owned" "$paths" | awk '!listed { if ($0 == "") listed = 1; else owned[$0]; next }
        sub(/^large /, "") || (sub(/^file /, "") && !($0 in owned))'
}
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
outside_paths=$(outside)
outside=
[ -z "$outside_paths" ] || outside=$(with_names "$outside_paths" ls -ln | sized)

of_size() { case $1 in "$size "*) [ "$size" = large ] || [ -r "${1#* }" ] && printf '%s\n' "${1#* }" ;; esac; }
files_large() { size=large && for_each of_size "$outside"; }
hashed_outside() { size=small && with_names "$(for_each of_size "$outside")" ${hashing:-cksum}; }

section config-owned printf '%s\n' "$owned"
section files-outside hashed_outside
section files-large files_large
