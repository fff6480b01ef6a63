# nginx's configuration, read from its files: even its own test opens logs and makes folders.

nginx_configuration() {
    running nginx || return
    [ "$found" ] && for_each configuration_of_nginx "$found" || return 44
}
configuration_of_nginx() {
    pid=${1%% *}
    program_of "$pid" nginx && ours_only ours "$program" || exit
    built=$("$program" -V 2>&1)
    words "$pid"
    option -c && main=$value && option -p && prefix=$value && note_modules
    case $main in /*) ;; *) main=${prefix:-/usr/local/nginx}/${main:-conf/nginx.conf} ;; esac
    [ -r "$main" ] || exit 43
    version=${built#*nginx version: */}
    [ "$version" = "$built" ] || echo "@@ version ${version%%"$line_end"*}"
    printf %s "$modules"
    echo "@@ main $main"
    # shellcheck disable=SC2046 -- a file a line
    (IFS=$line_end && printing '[;{}]' $(following "$main" "${main%/*}" '[;{}]'))
}

# note_modules: set `modules` to those that nginx was built with, `main` and `prefix` where no option did.
note_modules() {
    modules='' && set -f
    for word in $built; do
        case $word in
            --with-*module*) modules="$modules@@ module ${word#--with-}$line_end" ;;
            --conf-path=*) main=${main:-${word#*=}} ;;
            --prefix=*) prefix=${prefix:-${word#*=}} ;;
        esac
    done
    set +f
}

# option NAME: set `value` to what stands behind an option in the title of nginx's master process.
option() {
    value=
    case " $title" in *" $1"*) value=" $title" && value=${value##*" $1"} && value=${value#"${value%%[! ]*}"} && value=${value%% *} ;; esac
}
