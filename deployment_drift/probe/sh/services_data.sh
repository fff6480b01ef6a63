# Settings in effect of databases that run here, without logging in.

# service_pid NAME…: set `pid` to that of the first service that runs; 44 where none does.
service_pid() {
    pid=
    for name; do [ "$pid" ] || for_each note_pid "$running_services"; done
    [ "$pid" ] || return 44
}
note_pid() { [ "$pid" ] || [ "${1#* }" != "$name" ] || pid=${1%% *}; }
mysql_settings() {
    service_pid mariadbd mysqld && words "$pid" && arguments=$words || return
    program_of "$pid" "${arguments%%"$line_end"*}" || return
    defaults=$(echo "$arguments" | grep '^--defaults' | head -n 1)
    case $defaults in '' | *=/* | --defaults-group-suffix=*) ;; *) return 43 ;; esac # from a folder that is not ours
    ours_only ours "$program" && { [ "${defaults#*=/}" = "$defaults" ] || ours_only ours "${defaults#*=}"; } || return
    "$program" ${defaults:+"$defaults"} --verbose --help 2>/dev/null | arguments=$arguments awk "$mysql_given"'
        /^-----/ { begun = 1; next }
        begun && NF == 0 { exit }
        begun { name = $1; gsub(/-/, "_", name); $1 = ""; print name (name in given ? " " given[name] : $0) }'
}
# What it was started with goes above its files. None of it is used: an option can load a plugin.
mysql_given='BEGIN { unit["K"] = 1024; unit["M"] = 1048576; unit["G"] = 1073741824
    for (n = split(ENVIRON["arguments"], told, "\n"); n; n--) if (sub(/^--/, "", told[n])) {
        value = told[n]; if (!sub(/^[^=]*=/, "", value)) value = "TRUE"
        size = toupper(substr(value, length(value))); if (value ~ /^[0-9]+[KMGkmg]$/) value = sprintf("%.0f", value * unit[size])
        name = told[n]; sub(/=.*/, "", name); gsub(/-/, "_", name); if (!(name in given)) given[name] = value } }'
data_of_services() {
    if service_pid mariadbd mysqld; then section mysql-settings mysql_settings; else quick mysql-settings status 44; fi
}
masked data_of_services
