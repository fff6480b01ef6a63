# What the package managers say of /etc, and what lies outside all packages.

# as_brought: print "PATH: OK" or "PATH: FAILED" for every configuration file of a package.
as_brought() {
    if command -v dpkg-query >/dev/null; then
        [ "$dpkg_said" ] || dpkg-query -W >/dev/null || return
        set -- /var/lib/ucf/hashfile
        [ -r "$1" ] || shift
        # at once: md5sum would wake up who reads for each file
        summed=$(printf '%s\n' "$dpkg_said" | sed -n -e 's/^ \(.*\) \([0-9a-f]\{32\}\)$/\2  \1/p' -e t -e '/^[0-9a-f]\{32\}  /p' - "$@" |
            md5sum -c 2>/dev/null)
        [ -z "$summed" ] || printf '%s\n' "$summed"
    fi
    [ ! -r /lib/apk/db/installed ] || apk_sums | sha1sum -c 2>/dev/null
    if has_rpm; then
        known=$(rpm -qac) || return
        { rpm -Vac --nodeps --noscripts 2>/dev/null || :; } | awk -v known="$known" '
            /^..5/ { other[$NF] } END { n = split(known, paths, "\n")
            for (i = 1; i <= n; i++) if (paths[i] ~ /^\//)
                print paths[i] ": " (paths[i] in other ? "FAILED" : "OK") }'
    fi
    return 0
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
functions=$functions'
function chosen(all, file, line, i) { all = split(ENVIRON["alternatives"], file, "\n")
  for (i = 1; i <= all; i++) { if ((getline line <file[i]) > 0 && line ~ /^manual/) print file[i]; close(file[i]) } }'
set -- /var/lib/dpkg/alternatives/*
IFS=$line_end && alternatives=$* && unset IFS
by_awk config-alternatives 'chosen()'
quick config-as-brought as_brought
