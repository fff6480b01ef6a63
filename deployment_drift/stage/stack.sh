# What is in a container: its system, its PHP, and the programs that run in it.
[ -r /etc/os-release ] && . /etc/os-release
echo "system ${PRETTY_NAME:-}"
if command -v php >/dev/null; then
    echo "php $(php -n -r 'echo PHP_VERSION;' </dev/null)"
fi
for each in /proc/[0-9]*/exe; do
    program=$(readlink "$each") && echo "program ${program##*/}"
done
