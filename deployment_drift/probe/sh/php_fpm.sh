# Each running master of php-fpm: `-i` says what its program sees, and changes nothing.

# fpm_masters: set `masters` to "PID FILE" of each; its title names its configuration.
fpm_masters() { masters='' && everybody && for_each one_master "$processes"; }
one_master() {
    case $1 in *' php-fpm: master process ('*')'*) ;; *) return ;; esac
    file=${1#* php-fpm: master process (} && ! here "${1%% *}" || masters=$masters${masters:+$line_end}${1%% *}\ ${file%)*}
}

fpm_info() {
    version=${2#/etc/php/}
    program_of "$1" "php-fpm${version%%/*}" php-fpm && ours_only ours "$program" || return
    echo "program => $program"
    said=$(export XDEBUG_MODE=off && with_environ_of "$1" patiently "$program" -d error_log=/dev/null -d opcache.enable=0 -i) || not_php "$?" || return
    all_ini_read "$said" || return
    printf '%s\n' "$said" | sed '/^Additional Modules$/,$d; /^Start time =>/d'
    echo '@@ lines'
    IFS=$line_end && ini_lines $(printf '%s\n' "$said" |
        sed -n 's/^Loaded Configuration File => //; s/^Additional .ini files parsed => //; s/,$//; s/^\/.*\.ini$/&/p')
}

fpm_pools() {
    ! closed "$1" || return 43 # relative patterns start at php-fpm's prefix
    case $1 in */etc/*) cd "${1%/etc/*}/" ;; *) cd "${1%/*}/" ;; esac || return
    ini_lines "$1" $(sed -n 's/^[[:blank:]]*include[[:blank:]]*=[[:blank:]]*//p' "$1")
}
# numbered: the masters without their PIDs, so that equal servers say the same.
numbered() { fpm_masters && number=0 && for_each numbered_master "$masters"; }
numbered_master() { number=$((number + 1)) && echo "$number ${1#* }"; }
quick fpm numbered
fpm_sections() { number=0 && for_each fpm_section "$masters"; }
fpm_section() {
    number=$((number + 1))
    section "fpm-info $number" fpm_info "${1%% *}" "${1#* }"
    section "fpm-pools $number" fpm_pools "${1#* }"
    quick "environ $number" print_environ_of "${1%% *}"
    ! unseen "${1%% *}" "${1#* }" || quick "unseen fpm $number" printf %s "php-fpm (${1#* })"
}
masked fpm_sections
