# PHP on the command line, and what the ini files are like that packages bring.

[ -e /var/www/shop/public/server.php ] || pages='[]' # nobody else's server gets a request
section php ask_php php
shop=$pages pages='[]' expressions='[]' # the others only say what they are

stock_ini() { # php.ini-development lies beside it, and comes into effect by somebody's hand only
    set -- /usr/lib/php/*/php.ini-production* /usr/local/etc/*/php.ini-production \
        /usr/share/php*/*/*.ini
    sed -n 's/^[[:blank:]]*\([A-Za-z][^=]*=.*\)/\1/p' /dev/null "$@" 2>/dev/null | sort -u
}
quick ini-stock stock_ini

print_environ() { variables='' && for_each is_variable "$(PATH=$found_path env)" && printf '%s\n' "$variables"; }
own_environ() { quick environ print_environ; }
masked own_environ
