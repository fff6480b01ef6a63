
# The end says which server that was, and tells keys apart without giving one away.
about() {
    echo "host $(uname -n)"
    echo "taken $(date -u +%Y-%m-%dT%H:%M:%S+00:00)"
    echo "key $(printf '%s%s' "$secret" "$secret" | ${hashing:-cksum} | cut -c1-12)"
}
section snapshot about
exit 0
