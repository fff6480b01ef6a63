# How long the environment of a process was when it began: the kernel knows that, whatever is written
# over it. A script that exports something before it starts php-fpm makes it longer than a container's.

environ_length() { read -r stat <"/proc/$1/stat" && set -- ${stat##*) } && echo $((${49} - ${48})); }

# as_long_as_ours PID: but for what a shell adds itself, and a terminal.
as_long_as_ours() {
    length=$(environ_length "$1") && known "$1"
    ours=$(tr '\0' '\n' <"/proc/$$/environ" | grep -vE '^(PWD|OLDPWD|SHLVL|_|TERM)=' | wc -c)
    by_dash=$((ours + ${#PWD} + 5)) # PWD=…
    by_ash=$((by_dash + 8)) # SHLVL=1
    for expected in "$((ours))" "$by_dash" "$by_ash" "$((by_ash + ${#known_program} + 3))"; do # _=…, by bash
        [ "$length" != "$expected" ] && [ "$length" != "$((expected + 11))" ] || return 0 # TERM=xterm
    done
    return 1
}
