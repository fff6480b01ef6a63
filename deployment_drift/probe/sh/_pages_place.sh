# Where a page is asked: at the address and the port of the site that serves it, by the
# configuration of nginx or Apache, else at 127.0.0.1.

# place SCHEME ADDRESS PORT HOST: print "SCHEME ADDRESS PORT"; the first three may be empty.
place() {
    if [ -z "$2" ]; then
        sites "$4" | while read -r _ scheme address port; do
            [ "${1:-$scheme}" = "$scheme" ] && [ "${3:-$port}" = "$port" ] && listens "$port" || continue
            is_local "$address" || address=127.0.0.1
            echo "$scheme $address $port"
        done | head -n 1 | grep . && return
    fi
    scheme=${1:-http} port=80
    [ "$scheme" = http ] || port=443
    echo "$scheme ${2:-127.0.0.1} ${3:-$port}"
}

# sites HOST: "RANK SCHEME ADDRESS PORT" of what is configured: this host's first, then port 80, then http.
sites() {
    printf '%s\n' "$nginx_said" "$apache_said" | awk -v host="$1" '
        function done(i) { for (i = 1; i <= count; i++) { scheme = tls ? "https" : schemes[i]
            print (mine ? 0 : 4) + (port[i] == 80 ? 0 : scheme == "http" ? 1 : 2), scheme, address[i], port[i] }
            count = mine = tls = 0 }
        function add(text, secure, at) { if (text !~ /:|^[0-9]+$/) text = text ":80"
            at = text; sub(/:?[^:]*$/, "", at); sub(/.*:/, "", text); if (text !~ /^[0-9]+$/) return
            port[++count] = text; address[count] = at ~ /^[0-9.]+$/ && at != "0.0.0.0" ? at : "127.0.0.1"
            schemes[count] = secure || text == 443 ? "https" : "http" }
        { sub(/^[0-9]+\t/, ""); gsub(/[;{<>"]/, " "); word = tolower($1) }
        (word == "server" && NF == 1) || word ~ /^.?virtualhost$/ { done() }
        word == "virtualhost" { for (i = 2; i <= NF; i++) add($i) }
        word == "listen" && $2 !~ /^unix:/ { add($2, / (ssl|https)( |$)/) }
        word == "sslengine" { tls = tolower($2) == "on" }
        word ~ /^server_?(name|alias)$/ { for (i = 2; i <= NF; i++) { sub(/:[0-9]+$/, "", $i); if (tolower($i) == host) mine = 1 } }
        END { done() }' | sort -k1,1n -s
}

# listens PORT, is_local ADDRESS: what the kernel says.
listens() { grep -qs ":$(printf %04X "$1") 0*:0000 0A " /proc/net/tcp /proc/net/tcp6; }
is_local() { awk -v address="$1" '$1 == "|--" { at = $2 } /host LOCAL/ && at == address { found = 1 } END { exit !found }' /proc/net/fib_trie; }
