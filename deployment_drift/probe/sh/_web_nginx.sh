# nginx's configuration, read from its files: even its own test opens logs and makes folders.

nginx_configuration() {
    found=$(running nginx) || return
    [ "$found" ] || return 44
    for pid in $(echo "$found" | cut -d ' ' -f 1); do
        binary=$(program "$pid" nginx) && ours_only ours "$binary" || return
        built=$("$binary" -V 2>&1)
        main=$(option -c "$pid")
        main=${main:-$(built_with --conf-path)}
        case $main in
            /*) ;;
            *)
                prefix=$(option -p "$pid")
                prefix=${prefix:-$(built_with --prefix)}
                main=${prefix:-/usr/local/nginx}/${main:-conf/nginx.conf}
                ;;
        esac
        [ -r "$main" ] || return 43
        echo "$built" | sed -n 's,^nginx version: [^/]*/,@@ version ,p'
        echo "$built" | tr ' ' '\n' | sed -n 's/^--with-\(.*module.*\)/@@ module \1/p'
        echo "@@ main $main"
        (
            IFS=$line_end
            # shellcheck disable=SC2046 -- a file a line
            printing '[;{}]' $(following "$main" "${main%/*}" '[;{}]')
        )
    done
}

# option NAME PID: what stands behind an option in the title of nginx's master process.
option() { words "$2" | tr '\n' ' ' | sed -n "s/.* $1 *\([^ ]*\).*/\1/p"; }

# built_with NAME: what nginx was built with.
built_with() { echo "$built" | tr ' ' '\n' | sed -n "s/^$1=//p"; }
