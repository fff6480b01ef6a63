# Small things around an application: which way a mail takes, the shell, the web server's user.

mail_program() {
    [ -e /usr/sbin/sendmail ] || return 44
    readlink -f /usr/sbin/sendmail
}
mail_relay() { by_awk mail-relay 'copy("/etc/msmtprc")' /etc/msmtprc; }
web_user() {
    while IFS=: read -r name _ number _; do [ "$name" != www-data ] || { echo "$number" && return; }; done </etc/passwd
    id -u www-data 2>/dev/null || return 44
}
shop_owner() {
    [ -e /var/www/shop/public/index.php ] || return 44
    stat -L -c '%U:%G %a' /var/www/shop/public/index.php
}
shop_neighbours() {
    [ -d /var/www ] || return 44
    [ -r /var/www ] || return 43
    for path in /var/www/*; do [ "$path" = '/var/www/*' ] || echo "${path##*/}"; done
}
quick mail-program mail_program
masked mail_relay
by_awk mail-name 'copy("/etc/mailname")' /etc/mailname
quick shell readlink -f /bin/sh
quick language printf %s "$found_language"
quick web-user web_user
quick shop-owner shop_owner
quick shop-neighbours shop_neighbours
