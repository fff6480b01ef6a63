# How a page is asked for where there is only nc, as with busybox, whose wget follows redirects.

# Servers give up a request whose sender has closed its side: it is held open until nc has ended.
by_nc() {
    {
        printf 'GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: deployment-drift\r\n\r\n' "$5" "$authority"
        while sleep 0.1 2>/dev/null || sleep 1; do printf '\r\n' 2>/dev/null || break; done
    } | patiently nc "$2" "$3"
}
