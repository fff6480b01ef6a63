# What runs by the clock: crontabs, the folders of cron, timers of systemd.

# crontab_lines FILE...: print "@@ FILE:NUMBER" and the line, for the lines that count.
crontab_lines() {
    for table; do
        ! closed "$table" || { echo "$table" >&2 && return 43; }
        shift && [ ! -f "$table" ] || set -- "$@" "$table"
    done
    [ $# = 0 ] || awk '/^[ \t]*(#|$)/ { next } { print "@@ " FILENAME ":" FNR; print "1\t" $0 }' "$@"
    for table; do ! unended "$table" || printf '@@ %s:end\n1\t\n' "$table"; done
}
unended() { while IFS= read -r last; do :; done <"$1" && [ -n "$last" ]; }
system_crontabs() {
    [ -e /etc/crontab ] || [ -d /etc/cron.d ] || return 44
    crontab_lines /etc/crontab /etc/cron.d/*
}
user_crontabs() {
    for folder in /var/spool/cron/crontabs /var/spool/cron/tabs /etc/crontabs /var/spool/cron; do
        [ -d "$folder" ] || continue
        [ -r "$folder" ] || { echo "$folder" >&2 && return 43; }
        crontab_lines "$folder"/*
        return
    done
    return 44
}
cron_folders() {
    set -- /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
    for folder; do [ -e "$folder" ] || return 44; done
    for folder; do ! closed "$folder/*" || { echo "$folder" >&2 && return 43; }; done
    find "$@" /etc/periodic -type f ! -name '.*' -print ! -perm -100 -print 2>/dev/null | sort
}
timers() {
    [ -d /etc/systemd/system ] || return 44
    for path in /etc/systemd/system/*.timer /etc/systemd/system/*/*.timer; do
        if [ -L "$path" ]; then echo "${path##*/} linked"; elif [ -e "$path" ]; then echo "${path##*/} own"; fi
    done | sort -u
}
tables() { quick crontabs system_crontabs && quick user-crontabs user_crontabs; } && masked tables
quick cron-folders cron_folders
quick timers timers
