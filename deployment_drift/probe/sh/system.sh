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
    found=
    for file; do
        [ ! -e "$file" ] || { found=${file##*/} && echo "${found%.so}"; }
    done
    [ -n "$found" ] || { ls /lib/ld-musl* >/dev/null 2>&1 || command -v iconv >/dev/null || return 44; echo; }
}
locales() {
    command -v locale >/dev/null || return 44
    locale -a
}
certificates() {
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        [ -r "$bundle" ] || continue
        echo "trusted $(grep -c 'BEGIN.*CERTIFICATE' "$bundle")"
        echo "bundle $(${hashing:-cksum} <"$bundle" | cut -c1-12)"
        for added in /usr/local/share/ca-certificates/*.crt /etc/pki/ca-trust/source/anchors/*; do
            [ ! -r "$added" ] || echo "$added $(${hashing:-cksum} <"$added" | cut -c1-12)"
        done
        return 0
    done
    return 44
}
section kernel uname -srm
section os-release readable /etc/os-release
section time-zone time_zone
section character-sets character_sets
section locales locales
section certificates certificates
