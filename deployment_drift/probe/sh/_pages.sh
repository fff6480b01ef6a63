# How a page is asked for: by curl, PHP, wget or nc, as what is here and may be run. No redirect is
# followed and no proxy used. A server's certificate is for its public name: it is not verified.

# requested SCHEME ADDRESS PORT HOST PATH: print the head and the body of the answer.
requested() {
    authority=$4
    case $1:$3 in http:80 | https:443) ;; *) authority=$4:$3 ;; esac
    for tool in curl php wget nc; do
        found=$(command -v "$tool") && ours "$found" || continue
        [ "$tool" != wget ] || wget --version 2>/dev/null | grep -q '^GNU' || continue # others follow redirects
        [ "$tool$1" != nchttps ] || continue
        "by_$tool" "$@"
        return
    done
    echo 'neither curl, php, wget nor nc can be used to ask' >&2 && return 1
}

by_curl() {
    patiently curl -qsSkig --http1.1 --noproxy '*' -m "$patience" -A deployment-drift \
        --resolve "$4:$3:$2" "$1://$authority$5"
}

by_wget() {
    patiently wget -nv -O - --save-headers --content-on-error --max-redirect=0 --no-config --no-proxy --no-hsts \
        --no-check-certificate --tries=1 -U deployment-drift --header="Host: $authority" "$1://$2:$3$5"
    ended=$?
    [ "$ended" = 8 ] || return "$ended" # 8: an answer that is an error; of a redirect it tells nothing
}

by_php() {
    patiently php -n -d display_errors=stderr -r '[, $scheme, $address, $port, $host, $path, $authority, $patience] = $argv;
        $ssl = stream_context_create(["ssl" => ["verify_peer" => false, "verify_peer_name" => false, "peer_name" => $host]]);
        $server = ($scheme == "https" ? "tls" : "tcp") . "://$address:$port";
        $socket = @stream_socket_client($server, $code, $why, (float) $patience, STREAM_CLIENT_CONNECT, $ssl);
        if (!$socket) { fwrite(STDERR, "$server: $why"); exit(1); }
        stream_set_timeout($socket, (int) ceil((float) $patience));
        fwrite($socket, "GET $path HTTP/1.0\r\nHost: $authority\r\nUser-Agent: deployment-drift\r\n\r\n");
        stream_copy_to_stream($socket, STDOUT);
        exit((int) stream_get_meta_data($socket)["timed_out"]);' -- "$@" "$authority" "$patience"
}
