# Which web servers run on this system itself, and how they are configured, without secrets.

servers() {
    found=$(running nginx apache httpd lighttpd caddy php litespeed openlitespeed lshttpd haproxy \
        varnishd traefik h2o unitd frankenphp envoy rr) || return
    [ "$found" ] || return 44
    echo "$found" | while read -r pid name; do
        [ "$name" != php ] || words "$pid" | grep -q '^-S' || continue
        echo "@@ server $name $(words "$pid" | tr '\n' ' ' | mask)"
        case $name in nginx | apache | httpd) continue ;; esac
        words "$pid" | grep '^/.*[^/]$' | while read -r file; do
            [ ! -f "$file" ] || [ -x "$file" ] || [ "${file%.php}" != "$file" ] || printing '' "$file"
        done
    done | mask | grep . || return 44
}

# told SAID FUNCTION: what a function has said already; where it said nothing, ask it why.
told() {
    [ "$1" ] || { "$2" >/dev/null; return; }
    echo "$1" | mask
}

section web-servers servers
section nginx told "$nginx_said" nginx_configuration
section apache told "$apache_said" apache_configuration
