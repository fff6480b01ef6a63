# Certificates with which web servers answer: whose they are and by whom, how many are sent, whether they still count.

# tls_files: those of nginx and Apache; what is a key as well is left closed.
tls_files=
case $nginx_said$apache_said in *[cC]ertificate*)
    tls_files=$(printf '%s\n' "$nginx_said" "$apache_said" | awk '{ sub(/^[0-9]+\t/, ""); name = tolower($1); gsub(/["\047;]/, "", $2) }
        $2 !~ /^\/[^$]*$/ { next }
        name ~ /^(ssl_certificate|sslcertificatefile)$/ && !seen[$2]++ { served[++all] = $2 }
        name ~ /^(ssl_certificate_key|sslcertificatekeyfile)$/ { key[$2] }
        END { for (i = 1; i <= all; i++) if (!(served[i] in key)) print served[i] }') ;;
esac

certificates_served() {
    [ "$tls_files" ] || return 44
    command -v openssl >/dev/null || { echo 'nothing here reads a certificate' >&2 && return 43; }
    own=$(uname -n) refused='' && for_each certificate_served "$tls_files"
    [ -z "$refused" ] || { echo "$refused" >&2 && return 43; }
}
# certificate_served FILE: a host's own name is no difference, and what Debian makes for every host has its own.
certificate_served() {
    ! closed "$1" || { refused=$1 && return; }
    [ -f "$1" ] || { echo "@@ $1" && return; }
    echo "@@ $1 $(grep -c 'BEGIN CERT' "$1")"
    case $1 in *snakeoil*) shown= ;; *) shown='-subject -issuer -ext subjectAltName' ;; esac
    patiently openssl x509 -in "$1" -noout -checkend 0 $shown -nameopt RFC2253 2>/dev/null |
        awk -v own="$own" '{ while (at = index($0, own)) $0 = substr($0, 1, at - 1) "<host>" substr($0, at + length(own)); print }'
}
