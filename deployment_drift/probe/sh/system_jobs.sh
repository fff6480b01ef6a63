# What runs by the clock: crontabs, the folders of cron, timers of systemd.

# crontab_lines FILE...: print "@@ FILE:NUMBER" and the line, for the lines that count.
crontab_lines() {
    for table; do ! closed "$table" || { echo "$table" >&2 && return 43; }; done
    for table; do
        [ ! -f "$table" ] || awk -v file="$table" '/^[ \t]*(#|$)/ { next }
            { print "@@ " file ":" FNR; print "1\t" $0 }' "$table"
        [ ! -f "$table" ] || [ -z "$(tail -c 1 "$table")" ] || printf '@@ %s:end\n1\t\n' "$table"
    done | mask
}

system_crontabs() {
    [ -e /etc/crontab ] || [ -d /etc/cron.d ] || return 44
    crontab_lines /etc/crontab /etc/cron.d/*
}
user_crontabs() {
    for folder in /var/spool/cron/crontabs /var/spool/cron/tabs /etc/crontabs /var/spool/cron; do
        [ -d "$folder" ] || continue
        ls "$folder" >/dev/null || return 43
        crontab_lines "$folder"/*
        return
    done
    return 44
}
cron_folders() {
    set -- /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
    ls -d "$@" >/dev/null 2>&1 || return 44
    for folder; do ! closed "$folder/*" || { echo "$folder" >&2 && return 43; }; done
    find "$@" /etc/periodic -type f ! -name '.*' 2>/dev/null | sort
}
timers() {
    [ -d /etc/systemd/system ] || return 44
    find /etc/systemd/system -name '*.timer' 2>/dev/null | while read -r path; do
        if [ -L "$path" ]; then echo "${path##*/} linked"; else echo "${path##*/} own"; fi; done | sort -u
}
section crontabs system_crontabs
section user-crontabs user_crontabs
section cron-folders cron_folders
section timers timers
