# What everything stands on: kernel, distribution, time zone, languages, trusted certificates.

time_zone() {
    echo "clock $(date +%Z)"
    [ ! -L /etc/localtime ] || { place=$(readlink -f /etc/localtime); echo "/etc/localtime ${place##*zoneinfo/}"; }
    [ ! -r /etc/timezone ] || { read -r zone </etc/timezone; echo "/etc/timezone $zone"; }
    echo "TZ ${TZ:-}"
}
# character_sets: print those that the C library can load; glibc has a file for each.
character_sets() {
    set -- /usr/lib/*/gconv/*.so /usr/lib64/gconv/*.so /usr/lib/gconv/*.so
    found=''
    for file; do
        [ ! -e "$file" ] || { file=${file##*/} && found=$found${found:+$line_end}${file%.so}; }
    done
    [ -n "$found" ] || ls /lib/ld-musl* >/dev/null 2>&1 || command -v iconv >/dev/null || return 44
    printf '%s\n' "$found" # at once: each line alone would wake up who reads
}
locales() {
    command -v locale >/dev/null || return 44
    locale -a
}
certificates() {
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        [ -r "$bundle" ] || continue
        set -- /etc/ssl/certs/*.0 && [ ! -e "$1" ] || echo "hashes $#"
        echo "trusted $(grep -c 'BEGIN.*CERTIFICATE' "$bundle")"
        said=$(${hashing:-cksum} <"$bundle") && printf 'bundle %.12s\n' "$said"
        for added in /usr/local/share/ca-certificates/*.crt /etc/pki/ca-trust/source/anchors/*; do
            [ ! -r "$added" ] || { said=$(${hashing:-cksum} <"$added") && printf '%s %.12s\n' "$added" "$said"; }
        done
        return 0
    done
    return 44
}
quick kernel uname -srm
by_awk os-release 'copy("/etc/os-release")' /etc/os-release
quick time-zone time_zone
quick character-sets character_sets
quick locales locales
quick certificates certificates
