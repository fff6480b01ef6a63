# Where Apache's module of PHP is found: it is loaded in a running server.

# php_module: set `module` to "PID FILE" of the running server and the module in it.
php_module() {
    module='' && everybody && server='' servers='' loaded='' maps='' && for_each note_server "$processes" || return
    [ -n "$server" ] || return 44
    maps=$(grep -HE '/libphp[^/]*\.so|\[stack\]' /dev/null $maps 2>/dev/null) # every process has a stack
    for_each note_module "$maps" && module=$loaded && [ -z "$module" ] || return 0
    [ -z "$maps" ] && [ -n "$(ls -d $servers 2>/dev/null)" ] || return 44 # what has ended meanwhile has none
    module=$({ printf '%s\n' "$apache_said"; cat /etc/apache2/mods-enabled/*.load /etc/httpd/conf.modules.d/*.conf; } 2>/dev/null |
        sed -n "s,^[0-9[:blank:]]*LoadModule[[:blank:]]*php[0-9]*_module[[:blank:]]*\(.*\),$server \1,p" | grep -m 1 .) && return
    [ -z "$apache_said" ] || return 44
    echo 'the modules of its Apache may not be seen' >&2 && return 43
}
note_server() {
    word=${1#* } && word=${word%%[ $field]*}
    case ${word##*/} in apache2 | httpd) ! here "${1%% *}" || { server=${1%% *} && servers="$servers /proc/$server" maps="$maps /proc/$server/maps"; } ;; esac
}
note_module() {
    case $loaded$1 in /proc/*' /'*/libphp*.so*) ;; *) return 0 ;; esac
    file=/${1#* /} && pid=${1#/proc/} && loaded="${pid%%/*} ${file%.so*}.so"
}
