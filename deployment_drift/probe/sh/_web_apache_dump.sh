# What a program of Apache says of its configuration.

# effective OPTION…: the configuration of `program` with these.
effective() {
    root='' main='' version='' && note_all -v
    [ -z "$version" ] || echo "@@ version $version"
    for home in /usr/lib/apache2 ''; do
        [ "$home" ] || note_all "$@" -V # for which it reads the configuration once more
        dump=$("$program" -C "LoadModule info_module ${home:-$root}/modules/mod_info.so" "$@" -t -D DUMP_CONFIG -D DUMP_MODULES) || continue
        echo "@@ dump" && echo "$dump" && untouched $(echo "$dump" | awk 'sub(/^ *# In file: /, "") && !seen[$0]++')
        return
    done
    case $main in /*) ;; *) main=$root/$main ;; esac
    [ -r "$main" ] || return 43
    echo "@@ main $main" && echo "@@ base $root" && printing '' $(following "$main" "$root" "$line_end")
}

# note_all OPTION…: what the program says of itself.
note_all() { for_each note_built "$("$program" "$@" 2>/dev/null)" && IFS=$line_end; }

# note_built LINE: where it was built to look, and its version, of a line that it says of itself.
note_built() {
    case $1 in
        *'HTTPD_ROOT="'*) root=${1#*\"} && root=${root%%\"*} ;;
        *'SERVER_CONFIG_FILE="'*) main=${1#*\"} && main=${main%%\"*} ;;
        'Server version: '*) version=${1#*/} && version=${version%% *} ;;
    esac
}
