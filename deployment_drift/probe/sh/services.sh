# What runs as a service: its limits, its ports, and the folders that PHP writes to.

note_first() {
    case $running_services$line_end in *" ${1#* }$line_end"*) ;; *) running_services=$running_services${running_services:+$line_end}$1 ;; esac
}
running_services='' && for_each note_first "$services"

# unowned: the ports whose program this user does not see, but for those of an engine's name server.
unowned() {
    printf '%s\n' "$owners" "$listening" |
        awk '$1 !~ /:/ { seen[$1] } $1 ~ /:/ && $1 !~ /^0B00007F/ && !($2 in seen)'
}
socket_owners() {
    [ "$own_number" = 0 ] || [ -z "$(unowned)" ] || { echo 'only root sees whose a socket is' >&2 && return 43; }
    printf %s "$owners"
}
services_told() { everybody && first_told && printf '%s\n' "$running_services" && for_each service_begun "$service_arguments"; }
# first_told: what reaps the others, and gives signals to them: in a container it may be anything.
first_told() { case $kinds in '1 '*) first=${kinds#1 } && printf '1 first process\t\t%s\n' "${first%% *}" ;; esac; }
service_begun() { ! here "${1%% *}" || printf '%s\n' "$1"; }
environ_of_worker() {
    name=${1%%	*} && name=${name#* } && user=${1#*	} && user=${user%%	*}
    case $name$line_end$seen$line_end in 'php '*"$line_end$name$line_end"*) ;; 'php '*)
        ! here "${1%% *}" || { seen=$seen$line_end$name && quick "environ worker $name" environ_of_another "${1%% *}" "$user"; } ;;
    esac
}
section_of_services() {
    quick services services_told
    seen='' && for_each environ_of_worker "$service_arguments"
}
masked section_of_services
if everybody 2>/dev/null; then by_awk service-limits 'service_limits()'; else quick service-limits everybody; fi
quick sockets printf %s "$listening"
quick socket-owners socket_owners
