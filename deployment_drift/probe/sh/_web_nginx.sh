# nginx's configuration, read from its files: even its own test opens logs and makes folders.

nginx_configuration() {
    found=$(running nginx) || return
    [ "$found" ] || return 44
    for_each configuration_of_nginx "$found"
}
configuration_of_nginx() {
    pid=${1%% *}
    program_of "$pid" nginx && ours_only ours "$program" || exit
    built=$("$program" -V 2>&1)
    title=" $(words "$pid" '%s ')"
    main=$(option -c)
    main=${main:-$(built_with --conf-path)}
    prefix=$(option -p)
    prefix=${prefix:-$(built_with --prefix)}
    case $main in /*) ;; *) main=${prefix:-/usr/local/nginx}/${main:-conf/nginx.conf} ;; esac
    [ -r "$main" ] || exit 43
    version=${built#*nginx version: */}
    [ "$version" = "$built" ] || echo "@@ version ${version%%"$line_end"*}"
    built_modules
    echo "@@ main $main"
    # shellcheck disable=SC2046 -- a file a line
    (IFS=$line_end && printing '[;{}]' $(following "$main" "${main%/*}" '[;{}]'))
}
built_modules() {
    set -f
    for word in $built; do case $word in --with-*module*) echo "@@ module ${word#--with-}" ;; esac; done
    set +f
}

# option NAME: what stands behind an option in the title of nginx's master process.
option() {
    case $title in *" $1"*) set -- "${title##*" $1"}" ;; *) return ;; esac
    set -- "${1#"${1%%[! ]*}"}" && echo "${1%% *}"
}

# built_with NAME: what nginx was built with.
built_with() { case " $built" in *[" $line_end"]"$1="*) set -- "${built#*"$1="}" && echo "${1%%[ $line_end]*}" ;; esac; }
