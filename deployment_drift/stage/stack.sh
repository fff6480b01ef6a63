# What is in a container: its system, its PHP, and the programs that its first one has started.
[ -r /etc/os-release ] && . /etc/os-release
echo "system ${PRETTY_NAME:-}"
if command -v php >/dev/null; then
    echo "php $(php -n -r 'echo PHP_VERSION;' </dev/null)"
fi
parent() { # what `docker exec` runs, as this here, has been started from outside, by 0
    while read -r name value; do
        [ "$name" != PPid: ] || echo "$value"
    done <"/proc/$1/status"
}
own() {
    each=$1
    while [ "${each:-0}" -gt 1 ]; do
        each=$(parent "$each")
    done
    [ "${each:-0}" = 1 ]
}
for folder in /proc/[0-9]*; do
    if own "${folder#/proc/}" && program=$(readlink "$folder/exe"); then
        echo "program ${program##*/}"
    fi
done 2>/dev/null
