# What is told of the paths that configuration names.

# note_named PATH: a folder is told of, a small file of settings is read by lines, another is hashed; of what
# is secret, who may read it; of what packages have, and of sockets, only that it is missing. In a folder
# of include_path, `PATH/.`, is code.
note_named() {
    case $1 in
        */.) note_code "${1%/.}" ;;
        /usr/* | /run/* | /var/run/*) [ -e "$1" ] || closed "$1" || missing_files=$missing_files$1$line_end ;;
        *) note_path "$1" ;;
    esac
}
note_path() {
    [ ! -d "$1" ] || named_folders=$named_folders${named_folders:+$line_end}$1
    [ -f "$1" ] && [ ! -L "$1" ] || return 0
    case $(cd -P "${1%/*}" && pwd)/ in /etc/* | /usr/* | /proc/* | /dev/* | /var/lib/* | /opt/*) return ;; esac
    case $1 in
        *.key | *.pem | *.crt | *.p12 | *.pfx | *.jks | *_key | */id_* | *secret* | *credential* | */auth.json | */.netrc | */.pgpass | */known_hosts | *passwd* | *shadow*) exposed=$exposed${exposed:+$line_end}$1 ;;
        *.pid | *.sock | *.db | *.sqlite*) ;;
        *.env | *.ini | *.conf | *.cnf | */.*) [ ! -r "$1" ] || changed=$changed${changed:+$line_end}$1 ;;
        *) [ ! -r "$1" ] || outside=$outside${outside:+$line_end}$1 ;;
    esac
}
note_code() {
    note_path "$1"
    case $1 in /usr/* | /etc/* | /opt/*) return ;; esac # these are looked at anyway
    for file in "$1"/*.php "$1"/*.inc "$1"/*/*.php; do [ ! -f "$file" ] || note_path "$file"; done
}
