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
    folder=$(printf '%s\n' "$apache_said" | awk -v folder="$folder" '{ sub(/^[0-9]+\t/, "") }
        tolower($1) == "phpinidir" { gsub(/"/, "", $2); folder = $2 } END { print folder }')
    ini_lines "$folder/php.ini" "$scanned"/*.ini >/dev/null || return
    php=$(first_of "php$version" php)
    with_environ_of "$1" module_php "$php" "$scanned" -c "$folder/php.ini"
}
module_php() { (php=$1 && PHP_INI_SCAN_DIR=$2 && export PHP_INI_SCAN_DIR && shift 2 && ask_php "$php" "$@"); }

php_module 2>/dev/null
answered php-module "$module" php_module
[ -z "$module" ] || [ "$shop" != '[]' ] || # there, a page says it
    section php-module-asked module_asked "${module%% *}" "${module#* }"
module_environ() { [ -z "$module" ] || quick "environ ${module%% *}" print_environ_of "${module%% *}"; }
masked module_environ
