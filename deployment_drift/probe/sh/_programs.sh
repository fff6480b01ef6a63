# What may be run here: whoever asks, often root, must not be led to run what another user has made.
# A title and a name in the list of processes are easily forged.

# ours FILE: whether it is root's or of who asks, and nobody else may write to it.
ours() {
    # shellcheck disable=SC2046 -- the columns of ls
    set -- $(ls -ldnL "$1" 2>/dev/null)
    case ${1-} in '' | ????????w*) return 1 ;; ?????w*) [ "$4" = 0 ] || return 1 ;; esac
    own_number "$3"
}
own_number() { [ "$1" = 0 ] || [ "$1" = "$own_number" ]; }

# our_process PID: the same of a process; its folder in /proc can be made to look like root's.
our_process() { known "$1" && own_number "$known_user"; }

# plain_server PID: whether a process is ours, or takes its configuration from where it always is.
plain_server() { our_process "$1" || { defined "$1" && case $line_end$defined in *"$line_end"-[dfCc]"$line_end"*) false ;; esac; }; }

# ours_only TEST WHAT: 43, with a reason, where a test is not passed.
ours_only() { "$1" "$2" || { echo "$2 is another user's, and is not run" >&2 && return 43; }; }

# plain_options PID PHP [OPTION…]: whether a process of ours has these, or they only set plain values.
plain_options() {
    ! our_process "$1" || return 0
    shift 2
    for option; do
        case ${option#-d} in '' | -n | memory_limit=* | max_*=* | display_*=* | error_reporting=* | html_errors=* | \
            date.timezone=* | default_socket_timeout=* | zend.enable_gc=* | opcache.enable*=* | pcre.*=*) ;;
        *) return 1 ;; esac
    done
}

# first_of NAME…: where the first of these programs is that is there; sh's own look-up takes one name.
first_of() { for name; do command -v "$name" && return; done; return 44; }
