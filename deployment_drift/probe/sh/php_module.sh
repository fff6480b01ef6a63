# Apache's module of PHP: its ini files say what it does.

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
    named=$(printf '%s\n' "$apache_said" | awk '{ sub(/^[0-9]+\t/, "") }
        tolower($1) == "phpinidir" { gsub(/"/, "", $2); folder = $2 } END { print folder }')
    folder=${named:-$folder}
    ini_lines "$folder/php.ini" "$scanned"/*.ini >/dev/null || return
    php=$(first_of "php$version" php)
    with_environ_of "$1" module_php "$php" "$scanned" "$folder/php.ini"
}
# module_php PHP FOLDER FILE: an empty part of Apache's own PHP_INI_SCAN_DIR stands for the folder, and PHPRC
# goes before the usual php.ini.
module_php() (
    PHP_INI_SCAN_DIR=$(printf '%s\n' "${PHP_INI_SCAN_DIR-:}" | sed "s#^:\$#$2#; s#^:#$2:#; s#:\$#:$2#; s#::#:$2:#")
    export PHP_INI_SCAN_DIR
    [ "$named" ] || [ ! -f "${PHPRC:-/dev/null}/php.ini" ] || set -- "$1" "$2" "$PHPRC/php.ini"
    ask_php "$1" -c "$3"
)

php_module 2>/dev/null
answered php-module "$module" php_module
[ -z "$module" ] || [ "$shop" != '[]' ] || # there, a page says it
    section php-module-asked module_asked "${module%% *}" "${module#* }"
module_environ() { [ -z "$module" ] || quick "environ ${module%% *}" print_environ_of "${module%% *}"; }
masked module_environ
