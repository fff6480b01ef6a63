# Settings in effect of databases and caches that run here, without logging in.

# service_pid NAME…: set `pid` to that of the first service that runs; 44 where none does.
service_pid() {
    pid=
    for name; do [ "$pid" ] || for_each note_pid "$running_services"; done
    [ "$pid" ] || return 44
}
note_pid() { [ "$pid" ] || [ "${1#* }" != "$name" ] || pid=${1%% *}; }
mysql_settings() {
    service_pid mariadbd mysqld && arguments=$(words "$pid") || return
    program_of "$pid" "${arguments%%"$line_end"*}" || return
    defaults=$(echo "$arguments" | grep '^--defaults' | head -n 1)
    ours_only ours "$program" && { [ "${defaults#*=/}" = "$defaults" ] || ours_only ours "${defaults#*=}"; } || return
    "$program" ${defaults:+"$defaults"} --verbose --help 2>/dev/null | awk '/^-----/ { begun = 1; next }
        begun && NF == 0 { exit } begun { name = $1; gsub(/-/, "_", name); $1 = ""; print name $0 }'
}
postgres_files() {
    service_pid postgres && arguments=$(words "$pid") || return
    data=$(echo "$arguments" | sed -n '/^-D$/{n;p;}; s/^-D\(..*\)/\1/p' | head -n 1)
    file=$(echo "$arguments" | sed -n 's/^config_file=//p' | head -n 1)
    file=${file:-${data:-/var/lib/postgresql/data}/postgresql.conf}
    [ -r "$file" ] || return 43
    ls "$file" "$data/postgresql.auto.conf" 2>/dev/null | counting_lines
}
redis_file() {
    service_pid redis-server valkey-server || return
    for file in $(words "$pid" | grep '[.]conf$') /etc/redis/redis.conf /etc/redis.conf /etc/valkey/valkey.conf; do
        [ ! -e "$file" ] || [ -r "$file" ] || return 43
        [ ! -r "$file" ] || { echo "$file" | counting_lines && return; }
    done
}
memcached_arguments() { service_pid memcached && words "$pid" '%s '; }
data_of_services() {
    section mysql-settings mysql_settings
    section postgres-files postgres_files
    section redis-file redis_file
    section memcached-arguments memcached_arguments
}
masked data_of_services
