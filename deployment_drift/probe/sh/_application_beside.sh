# Folders that serve pages although they are no whole application: of an alias, or among others.

# aliased "@FOLDER": print the folder that an alias serves, unless it is in an application or holds data.
aliased() {
    case $1 in @*) set -- "${1#@}" ;; *) return 0 ;; esac
    [ -d "$1" ] && ! container "$1" && ! inside_found "$1" || return 0
    for name in $filled; do [ "$name" != "${1##*/}" ] || return 0; done
    # shellcheck disable=SC2046 -- the columns of ls
    set -- "$1" $(ls -ldnL "$1") && case " ${users-} " in *" $4 "*) ;; *) echo "$1" ;; esac
}
inside_found() { inside='' folder=$1 && for_each is_inside "$found" && [ "$inside" ]; }
is_inside() { case $folder/ in "$1"/*) inside=1 ;; esac; }

# of_pages FOLDER: whether a folder that otherwise only holds others has pages itself, which no package brought.
of_pages() {
    case $1 in '' | / | /root | /tmp | /etc* | /dev* | /run* | /bin* | /lib* | /usr | /usr/bin* | /usr/lib*) return 1 ;; esac
    for page in "$1"/index.php "$1"/index.html "$1"/*.php; do
        [ ! -f "$page" ] || { ! grep -qxF "$page" /dev/null /var/lib/dpkg/info/*.list 2>/dev/null; return; }
    done
    return 1
}
