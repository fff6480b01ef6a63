# What a php-fpm was started with where its title is written over that. Nobody else knows what a script gave
# it, as PHP_INI_SCAN_DIR or -d: then what it has set is not known, either.

# environ_beside PID: set `variables` to those of a process of ours that the same one began, or of the
# one that began both, where they were as long when they began.
environ_beside() {
    environ_length "$1" && wanted_length=$length wanted_parent=$parent && [ "$length" -gt 0 ] || return 0
    for_each note_beside "1 $line_end$services"
    [ "$variables" ] || ! handed_on "$1" || { wanted_length=$((wanted_length - handed)) && for_each note_beside "1 $line_end$services"; }
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
    usual "$1" || { handed_on "$1" && length=$((length - handed)) && usual "$1"; }
}
usual() {
    place=$(readlink "/proc/$1/cwd") ours=$(own_lines | wc -c) spoken=$(own_lines | sed -nE 's/^(LANG|LANGUAGE|LC_[A-Z]+)=//p' | tr -d '\n' | wc -c)
    kept=$((length - ours - ${#PWD} - 5)) moved=$((kept - 8 - ${#place})) init=$((length - 41)) # its own PATH, and PWD=/
    case " 0 8 $((11 + ${#known_program})) " in *" $kept "* | *" $moved "*) return ;; esac # SHLVL=1, and _=… of bash
    case $init in "$((179 + spoken))" | "$((184 + spoken))" | "$(own_lines | grep -v '^PATH=' | wc -c)") ;; *) return 1 ;; esac
}
