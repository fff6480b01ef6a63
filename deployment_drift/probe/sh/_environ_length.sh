# How long the environment of a process was when it began: the kernel knows that, whatever is written
# over it. A script that exports something before it starts php-fpm makes it longer than a container's.

# environ_length PID: set `length` to that, without what a terminal adds: TERM=xterm; `parent` and
# `told` to who began it and how long its arguments were.
environ_length() {
    read -r stat <"/proc/$1/stat" && set -- ${stat##*) } || return
    length=$((${49} - ${48})) told=$((${47} - ${46})) parent=$2
    [ "$5" = 0 ] || length=$((length - 11))
}

# as_long_as_ours PID: nothing between us and it, or one shell like ours, which adds what ours adds itself.
# Another shell adds as much as `export DEBUG=1` may: that proves nothing.
as_long_as_ours() {
    known "$1"
    environ_length "$1" || return
    ours_alone || { handed_on "$1" && length=$((length - handed)) && ours_alone; }
}
ours_alone() {
    ours=$(own_lines | wc -c)
    by_shell=$((ours + ${#PWD} + 5)) # PWD=…
    [ -z "${SHLVL-}" ] || by_shell=$((by_shell + 8)) # SHLVL=1, by ash and bash
    [ -z "${BASH_VERSION-}" ] || by_shell=$((by_shell + ${#known_program} + 3)) # _=…
    [ "$length" = "$((ours))" ] || [ "$length" = "$by_shell" ]
}
own_lines() { tr '\0' '\n' <"/proc/$$/environ" | grep -vE '^(PWD|OLDPWD|SHLVL|_|TERM)='; }

# environ_of_another PID USER: print it. Within a container root may not read what another user's process was
# started with, and that user may: cat is run as that one.
environ_of_another() {
    ! true 2>/dev/null <"/proc/$1/environ" || { print_environ_of "$1" && return; }
    [ "$own_number" = 0 ] && command -v setpriv >/dev/null || return 43
    # shellcheck disable=SC2046 -- the columns of ls
    set -- "$1" "$2" $(ls -dn "/proc/$1")
    variables='' && for_each is_variable "$(setpriv --reuid="$2" --regid="${6-}" --clear-groups cat "/proc/$1/environ" | tr '\0' '\n')"
    [ "$variables" ] && printf '%s\n' "$variables" || return 43
}
