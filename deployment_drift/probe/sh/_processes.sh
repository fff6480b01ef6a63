# What runs here, read once. `processes` has "PID ARGUMENT…", the arguments cut at \037; `kinds` has
# "PID NAME TOP USER PROGRAM": its name without a version, whether none of that name started it, who
# runs it, its file; `services` has "PID NAME". sh itself would read /proc byte by byte.

keeper='^(sh|bash|dash|ash|busybox|su|sudo|runuser|setpriv|gosu|sleep|init|systemd|supervisord|runsv|runsvdir)$'
keeper="$keeper|^(tini|dumb-init|docker-init|s6-.*|[(]sd-pam[)])$"
look() {
    { # awk may end where a process does while it is read; tail goes on
        ls -ln /proc/[0-9]*/exe /proc/[0-9]*/cwd /proc/[0-9]*/fd
        tail -n +1 /proc/[0-9]*/stat /proc/[0-9]*/status
        head -n 1 /proc/[0-9]*/cmdline
    } 2>/dev/null | tr '\0' '\037' |
        awk -v keeper="$keeper" -v me="$$" "$quoted$look_read$look_told"
}
processes='' kinds='' services='' listening='' owners='' visitors='' readers='' service_arguments='' worker_groups='' replaced='' own_number=''
eval "$(look)"
own_number=${own_number:-$(id -u)}

# here PID: whether it is no process of a container that only shares this machine's kernel.
here() { [ "/proc/$1/root/." -ef /. ] || { [ ! -e "/proc/$1/root/." ] && lives "$1"; }; } # in this order: it may end meanwhile
lives() { line='' && { read -r line || :; } 2>/dev/null <"/proc/$1/cmdline" && [ "$line" ]; } # what ends has lost its words before its root

note_service() { ! here "${1%% *}" || here="$here$1$line_end"; }
here='' && for_each note_service "$services" && services=${here%"$line_end"} readers=${readers%"$line_end"}
here='' && for_each note_service "$worker_groups" && worker_groups=$here
here='' && for_each note_service "$replaced" && replaced=$here

# everybody: 43 where the processes of other users are hidden, so that nothing is known of them.
everybody() { [ "$kinds" ] && [ -r /proc/1/cmdline ] || { echo 'the processes of others are hidden' >&2 && return 43; }; }

# running NAME…: set `found` to "PID NAME" of the processes of these names that none of the same name started.
running() { found='' && everybody && wanted=" $* " && for_each is_wanted "$kinds"; }
is_wanted() {
    name=${1#* } && name=${name%% *}
    case "$wanted<$1" in *" $name "*"<${1%% *} $name 1 "*) ! here "${1%% *}" || found=$found${found:+$line_end}${1%% *}\ $name ;; esac
}
