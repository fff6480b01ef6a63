# Settings in effect of databases that run here, without logging in.

# service_pid NAME…: set `pid` to that of the first service that runs; 44 where none does.
service_pid() {
    pid=
    for name; do [ "$pid" ] || for_each note_pid "$running_services"; done
    [ "$pid" ] || return 44
}
note_pid() { [ "$pid" ] || [ "${1#* }" != "$name" ] || pid=${1%% *}; }
mysql_settings() {
    program_of "$pid" "${words%%"$line_end"*}" || return
    defaults=$(echo "$words" | grep -E '^--(no-)?defaults' | head -n 1)
    case $defaults in '' | --no-defaults | *=/* | --defaults-group-suffix=*) ;; *) return 43 ;; esac # from a folder that is not ours
    ours_only ours "$program" && { [ "${defaults#*=/}" = "$defaults" ] || ours_only ours "${defaults#*=}"; } || return
    settings=$("$program" ${defaults:+"$defaults"} --verbose --help 2>/dev/null | awk '
        /^-----/ { begun = 1; next }
        begun && NF == 0 { exit }
        begun { name = $1; gsub(/-/, "_", name); $1 = ""; print name $0 }')
    [ -z "$settings" ] || { printf '%s\n' "$settings" && time_zones; }
}
# given_options: what a service was started with, an option and its value a line. None of it is used to ask
# a database: an option can load a plugin.
given_options() {
    echo "$words" | awk '/^-/ { if (said) print said; said = $0; next } said { said = said " " $0 } END { if (said) print said }'
}
# time_zones: without its tables of time zones CONVERT_TZ is NULL; an empty one of Aria has one page.
time_zones() {
    folder=$(printf '%s\n' "$settings" | sed -n 's/^datadir //p') && folder=${folder%/}/mysql/time_zone_name
    for file in "$folder.MAD" "$folder.MYD"; do
        [ ! -r "$file" ] || echo "time_zone_tables $([ "$(find "$file" -size +16)" ] && echo filled || echo empty)"
    done
}
data_of_services() {
    service_pid mariadbd mysqld && words "$pid" || { quick mysql-settings status 44 && quick mysql-given status 44 && return; }
    section mysql-settings mysql_settings
    quick mysql-given given_options
}
masked data_of_services
