# Where workers run: a release that is not the current one gives old answers.

# note_place: add where a worker runs, which within a container only its own user may see.
note_place() {
    name=${1%%	*} && place='' && case ${name#* }$1 in *' in /'*) ;; 'php '* | 'python '* | 'node '* | 'ruby '* | 'perl '*)
        # shellcheck disable=SC2046 -- the columns of ls
        set -- "$1" $(ls -dn "/proc/${1%% *}" 2>/dev/null)
        [ "$own_number" != 0 ] || [ "${4:-0}" = 0 ] || place=$(setpriv --reuid="$4" --regid="$5" --clear-groups readlink "/proc/${1%% *}/cwd" 2>/dev/null)
        ;;
    esac
    case $place in / | '') begun=$begun$1$line_end ;; *) begun="$begun${1% } in $place$line_end" ;; esac
}
begun='' && for_each note_place "$service_arguments" && service_arguments=$begun
