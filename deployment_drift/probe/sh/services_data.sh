# Settings in effect of databases and caches that run here, without logging in; writable folders.

# service_pid NAME: print the process of a service that runs; 44 where none does.
service_pid() { echo "$running_services" | awk -v name="$1" '$2 == name { print $1; n++; exit } END { exit n ? 0 : 44 }'; }
arguments_of() { tr '\0' '\n' <"/proc/$1/cmdline"; }
mysql_settings() {
    pid=$(service_pid mariadbd || service_pid mysqld) || return 44
    program=$(readlink "/proc/$pid/exe" || command -v "$(arguments_of "$pid" | head -n 1)") || return 43
    defaults=$(arguments_of "$pid" | grep '^--defaults' | head -n 1)
    ours_only ours "$program" && { [ "${defaults#*=/}" = "$defaults" ] || ours_only ours "${defaults#*=}"; } || return
    "$program" ${defaults:+"$defaults"} --verbose --help 2>/dev/null | awk '/^-----/ { begun = 1; next }
        begun && NF == 0 { exit } begun { name = $1; gsub(/-/, "_", name); $1 = ""; print name $0 }' | mask
}
postgres_files() {
    pid=$(service_pid postgres) || return 44
    data=$(arguments_of "$pid" | sed -n '/^-D$/{n;p;}; s/^-D\(..*\)/\1/p' | head -n 1)
    file=$(arguments_of "$pid" | sed -n 's/^config_file=//p' | head -n 1)
    file=${file:-${data:-/var/lib/postgresql/data}/postgresql.conf}
    [ -r "$file" ] || return 43
    ls "$file" "$data/postgresql.auto.conf" 2>/dev/null | readable_paths | counting_lines
}
redis_file() {
    pid=$(service_pid redis-server || service_pid valkey-server) || return 44
    for file in $(arguments_of "$pid" | grep '[.]conf$') /etc/redis/redis.conf /etc/redis.conf /etc/valkey/valkey.conf; do
        [ ! -e "$file" ] || [ -r "$file" ] || return 43
        [ ! -r "$file" ] || { echo "$file" | readable_paths | counting_lines && return; }
    done
}
memcached_arguments() { pid=$(service_pid memcached) && arguments_of "$pid" | tr '\n' ' ' | mask; }
written_folders() {
    { printf '%s\n' /tmp /var/tmp /var/lib/php/sessions && ls -d /var/lib/nginx /var/lib/nginx/* /var/cache/nginx/*
        grep -rhsE '^[^;#]*(save_path|upload_tmp_dir|sys_temp_dir)\]? *=' /etc/php /etc/php.ini /etc/php.d /etc/php-fpm.d \
            /usr/local/etc/php /usr/local/etc/php-fpm.d | sed 's/.*= *//; s/["; ]//g; s/.*;//'; } 2>/dev/null | grep '^/' | sort -u |
        while read -r folder; do ls -ld "$folder/." 2>/dev/null || echo "missing $folder/."; done
}
section mysql-settings mysql_settings
section postgres-files postgres_files
section redis-file redis_file
section memcached-arguments memcached_arguments
section written-folders written_folders
