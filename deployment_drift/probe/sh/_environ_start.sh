# What a php-fpm was started with where its title is written over that. Nobody else knows what a script
# exported, as PHP_INI_SCAN_DIR, which leads to other files: then what it has set is not known, either.

# environ_beside PID: set `variables` to those of a process of ours that the same one began, or of the
# one that began both, where they were as long when they began.
environ_beside() {
    environ_length "$1" && wanted_length=$length wanted_parent=$parent && [ "$length" -gt 0 ] || return 0
    for_each note_beside "1 $line_end$services"
}
note_beside() {
    [ -z "$variables" ] && our_process "${1%% *}" && environ_length "${1%% *}" || return 0
    case "$length ${1%% *} $parent " in "$wanted_length "*" $wanted_parent "*) ;; *) return 0 ;; esac
    for_each is_variable "$(tr '\0' '\n' 2>/dev/null <"/proc/${1%% *}/environ")"
}

# as_usual PID: whether it is as long as a shell makes it, moved to another folder or not, or the script of
# /etc/init.d, by itself or by service(8).
as_usual() {
    environ_length "$1" && known "$1" || return
    place=$(readlink "/proc/$1/cwd") ours=$(own_lines | wc -c) spoken=$(own_lines | sed -nE 's/^(LANG|LANGUAGE|LC_[A-Z]+)=//p' | tr -d '\n' | wc -c)
    kept=$((length - ours - ${#PWD} - 5)) moved=$((kept - 8 - ${#place})) init=$((length - 41)) # its own PATH, and PWD=/
    case " 0 8 $((11 + ${#known_program})) " in *" $kept "* | *" $moved "*) return ;; esac # SHLVL=1, and _=… of bash
    case $init in "$((179 + spoken))" | "$((184 + spoken))" | "$(own_lines | grep -v '^PATH=' | wc -c)") ;; *) return 1 ;; esac
}

# supervised PID: what began it runs php-fpm itself, and none of its files below /etc leads PHP to others.
supervised() {
    environ_length "$1" || return
    case $line_end$kinds in *"$line_end$parent systemd "* | *"$line_end$parent supervisord "* | *"$line_end$parent runsv "*) ;;
    *) return 1 ;; esac
    set -- /etc/systemd/system /usr/lib/systemd/system/php*fpm*.service /etc/supervisor* /etc/sv
    grep -rqsE '(^|[/=[:blank:]])php-fpm[0-9.]*([[:blank:]]|$)' "$@" &&
        ! grep -rqsE '^[^#;]*(PHPRC|PHP_INI_SCAN_DIR)' "$@" /etc/default
}

# unseen PID: whether what it was started with may lead it to other files than `-i` has told of.
unseen() { environ_of "$1" && [ -z "$variables" ] && ! supervised "$1" && ! as_usual "$1"; }
