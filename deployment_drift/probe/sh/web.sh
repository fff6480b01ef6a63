# Which web servers run on this system itself, and how they are configured, without secrets.

servers() {
    running nginx apache httpd lighttpd caddy php litespeed openlitespeed lshttpd haproxy \
        varnishd traefik h2o unitd frankenphp envoy rr || return
    serving='' && for_each one_server "$found" && [ "$serving" ] || return 44
}
one_server() {
    name=${1#* } && words "${1%% *}"
    case $name$line_end$words in *"$line_end-S"*) ;; php*) return ;; esac
    serving=1 && echo "@@ server $name $title"
    case $name in nginx | apache | httpd) return ;; esac
    file='' && for_each one_file "$words"
    case $file$name in /* | php*) ;; *) echo "@@ unasked $name" ;; esac
}
one_file() {
    case $1 in /*[!/]) [ ! -f "$1" ] || [ -x "$1" ] || [ "${1%.php}" != "$1" ] || { file=$1 && printing '' "$file"; } ;; esac
}

web_servers() {
    quick web-servers servers
    answered nginx "$nginx_said" nginx_configuration
    answered apache "$apache_said" apache_configuration
}
masked web_servers
