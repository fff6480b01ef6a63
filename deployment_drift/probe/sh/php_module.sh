# Apache's module of PHP: it is loaded in a running server, and its ini files say what it does.

# "PID FILE" of the running server and the module in it.
php_module() {
    everybody && server= maps= || return
    for pid in $(echo "$processes" | tr '\037' ' ' | awk '$2 ~ /(^|\/)(apache2|httpd)$/ { print $1 }'); do
        here "$pid" && server=$pid || continue
        [ -r "/proc/$pid/maps" ] && maps=$(cat "/proc/$pid/maps" 2>/dev/null) || continue
        ! printf '%s\n' "$maps" | sed -n "s,^[^/]* \(/.*libphp[^/]*\.so\).*,$pid \1,p" | grep -m 1 . || return 0
    done
    [ -n "$server" ] && [ -z "$maps" ] || return 44
    { printf '%s\n' "$apache_said"; cat /etc/apache2/mods-enabled/*.load /etc/httpd/conf.modules.d/*.conf; } 2>/dev/null |
        sed -n "s,^[0-9[:blank:]]*LoadModule[[:blank:]]*php[0-9]*_module[[:blank:]]*\(.*\),$server \1,p" | grep -m 1 . && return
    [ -z "$apache_said" ] || return 44
    echo 'the modules of its Apache may not be seen' >&2 && return 43
}

# module_asked PID FILE: what a PHP of the same version says with the module's ini files.
module_asked() {
    version=${2##*libphp} && version=${version%.so}
    folder=/etc/php/$version/apache2
    scanned=$folder/conf.d
    if [ ! -d "$folder" ]; then
        built=$(tr -c '[:print:]' '\n' <"$2" | grep 'with-config-file-path=' | tr -d "'")
        folder=$(echo "$built" | sed -n 's/.*with-config-file-path=\([^ ]*\).*/\1/p')
        scanned=$(echo "$built" | sed -n 's/.*with-config-file-scan-dir=\([^ ]*\).*/\1/p')
    fi
    folder=$(printf '%s\n' "$apache_said" | awk -v folder="$folder" '{ sub(/^[0-9]+\t/, "") }
        tolower($1) == "phpinidir" { gsub(/"/, "", $2); folder = $2 } END { print folder }')
    ini_lines "$folder/php.ini" "$scanned"/*.ini >/dev/null || return
    php=$(first_of "php$version" php)
    with_environ_of "$1" module_php "$php" "$scanned" -c "$folder/php.ini"
}
module_php() { (php=$1 && PHP_INI_SCAN_DIR=$2 && export PHP_INI_SCAN_DIR && shift 2 && ask_php "$php" "$@"); }

section php-module php_module
module=$(php_module 2>/dev/null | head -n 1)
[ -z "$module" ] || [ "$shop" != '[]' ] || # there, a page says it
    section php-module-asked module_asked "${module%% *}" "${module#* }"
[ -z "$module" ] || section "environ ${module%% *}" environ_masked "${module%% *}"
