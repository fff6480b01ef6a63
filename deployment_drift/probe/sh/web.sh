# Which web servers run on this system itself, and how they are configured, without secrets.

servers() {
    found=$(running nginx apache httpd lighttpd caddy php litespeed openlitespeed lshttpd haproxy \
        varnishd traefik h2o unitd frankenphp envoy rr) || return
    said=$(for_each one_server "$found") && [ "$said" ] || return 44
    printf '%s\n' "$said"
}
one_server() {
    name=${1#* } && words=$(words "${1%% *}")
    case $name$line_end$words in *"$line_end-S"*) ;; php*) return ;; esac
    echo "@@ server $name $(words "${1%% *}" '%s ')"
    case $name in nginx | apache | httpd) ;; *) for_each one_file "$words" ;; esac
}
one_file() {
    case $1 in /*[!/]) [ ! -f "$1" ] || [ -x "$1" ] || [ "${1%.php}" != "$1" ] || printing '' "$1" ;; esac
}

web_servers() {
    section web-servers servers
    section nginx answered "$nginx_said" nginx_configuration
    section apache answered "$apache_said" apache_configuration
}
masked web_servers
