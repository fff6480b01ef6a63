# What a program of Apache says of its configuration.

# effective OPTION…: the configuration of `program` with these.
effective() {
    built=$("$program" "$@" -V 2>/dev/null)
    root=$(built_in HTTPD_ROOT) main=$(built_in SERVER_CONFIG_FILE) version=${built#*Server version: */}
    [ "$version" = "$built" ] || echo "@@ version ${version%%[ $line_end]*}"
    for info in /usr/lib/apache2/modules/mod_info.so "$root/modules/mod_info.so"; do
        dump=$("$program" -C "LoadModule info_module $info" "$@" -t -D DUMP_CONFIG -D DUMP_MODULES) || continue
        echo "@@ dump" && echo "$dump" && untouched $(echo "$dump" | awk 'sub(/^ *# In file: /, "") && !seen[$0]++')
        return
    done
    case $main in /*) ;; *) main=$root/$main ;; esac
    [ -r "$main" ] || return 43
    echo "@@ main $main" && echo "@@ base $root" && printing '' $(following "$main" "$root" "$line_end")
}

# built_in NAME: what stands in quotes behind it in what the program says of itself.
built_in() {
    case $built in *"$1=\""*) set -- "${built##*"$1=\""}" && echo "${1%%\"*}" ;; esac
}
