# Apache's configuration as it is in effect: its own dump, which changes nothing, else its files.

apache_configuration() {
    found=$(running apache httpd) || return
    [ "$found" ] || return 44
    for pid in $(echo "$found" | cut -d ' ' -f 1); do
        binary=$(program "$pid" apache2 httpd) && ours_only ours "$binary" && ours_only plain_server "$pid" || return
        # shellcheck disable=SC2046 -- a word a line
        (environment "$pid" && IFS=$line_end && effective $(defined "$pid")) || return
    done
}

# environment PID: as that of the running server, for its configuration may stand on it.
environment() {
    IFS=$line_end
    for line in $(our_process "$1" && tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | grep '^APACHE_[A-Z_]*='); do
        export "${line?}"
    done
    # shellcheck source=/dev/null
    [ -n "${APACHE_RUN_DIR-}" ] || [ ! -r /etc/apache2/envvars ] || { set +u; . /etc/apache2/envvars; }
}

# defined PID: the options that decide on the configuration, as -D NAME and -f FILE; one word a line.
defined() { words "$1" | awk 'last ~ /^-[DdfCc]$/ && $0 != "FOREGROUND" { print last; print } { last = $0 }'; }

effective() {
    built=$("$binary" "$@" -V 2>/dev/null)
    root=$(echo "$built" | sed -n 's/.*HTTPD_ROOT="\(.*\)"/\1/p')
    main=$(echo "$built" | sed -n 's/.*SERVER_CONFIG_FILE="\(.*\)"/\1/p')
    echo "$built" | sed -n 's,^Server version: [^/]*/\([^ ]*\).*,@@ version \1,p'
    for info in /usr/lib/apache2/modules/mod_info.so "$root/modules/mod_info.so"; do
        dump=$("$binary" -C "LoadModule info_module $info" "$@" -t -D DUMP_CONFIG -D DUMP_MODULES) || continue
        echo "@@ dump" && echo "$dump" && untouched $(echo "$dump" | sed -n 's/^ *# In file: //p' | sort -u)
        return
    done
    case $main in /*) ;; *) main=$root/$main ;; esac
    [ -r "$main" ] || return 43
    echo "@@ main $main" && echo "@@ base $root" && printing '' $(following "$main" "$root" "$line_end")
}
