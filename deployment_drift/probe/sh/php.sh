# PHP on the command line, and what the ini files are like that packages bring.

[ -e /var/www/shop/public/server.php ] || pages='[]' # nobody else's server gets a request
section php ask_php php
shop=$pages pages='[]' expressions='[]' # the others only say what they are

own_environment() { PATH=$found_path env | grep '^[A-Za-z_][A-Za-z0-9_]*=' | mask; }
section environ own_environment

stock_ini() {
    set -- /usr/lib/php/*/php.ini-* /usr/local/etc/php/php.ini-* /usr/local/etc/*/php.ini-production \
        /usr/share/php*/*/*.ini
    cat "$@" 2>/dev/null | sed -n 's/^[[:blank:]]*\([A-Za-z][^=]*=.*\)/\1/p' | sort -u
}
section ini-stock stock_ini
