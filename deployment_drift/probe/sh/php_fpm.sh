# Each running master of php-fpm: `-i` says what its program sees, and changes nothing.

# "PID FILE" of each master; its title names its configuration.
fpm_masters() {
    everybody || return
    echo "$processes" | sed -n 's/^\([0-9]*\) php-fpm: master process (\(.*\)).*/\1 \2/p' |
        while read -r pid file; do ! here "$pid" || echo "$pid $file"; done
}

fpm_info() {
    version=${2#/etc/php/}
    program=$(program_of "$1" "php-fpm${version%%/*}" php-fpm) && ours_only ours "$program" || return
    echo "program => $program"
    said=$(export XDEBUG_MODE=off && with_environ_of "$1" patiently "$program" -d error_log=/dev/null -i) || not_php "$?" || return
    all_ini_read "$said" || return
    printf '%s\n' "$said" | sed '/^Additional Modules$/,$d; /^Start time =>/d' | mask
    echo '@@ lines'
    IFS=$line_end
    ini_lines $(printf '%s\n' "$said" |
        sed -n 's/^Loaded Configuration File => //; s/^Additional .ini files parsed => //; s/,$//; s/^\/.*\.ini$/&/p')
}

fpm_pools() {
    readable "$1" >/dev/null || return # relative patterns start at php-fpm's prefix
    case $1 in */etc/*) cd "${1%/etc/*}/" ;; *) cd "${1%/*}/" ;; esac || return
    ini_lines "$1" $(sed -n 's/^[[:blank:]]*include[[:blank:]]*=[[:blank:]]*//p' "$1")
}
# numbered: the masters without their PIDs, so that equal servers say the same.
numbered() {
    masters=$(fpm_masters) || return
    printf %s "$masters" | awk '{ $1 = NR } 1'
}
section fpm numbered
number=0
for master in $(fpm_masters | tr ' ' '='); do
    number=$((number + 1))
    section "fpm-info $number" fpm_info "${master%%=*}" "${master#*=}"
    section "fpm-pools $number" fpm_pools "${master#*=}"
    section "environ $number" environ_masked "${master%%=*}"
done
