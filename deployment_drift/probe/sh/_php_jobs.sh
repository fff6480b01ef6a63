# How the PHPs of jobs, workers and servers are asked.

# ask_cgi PHP [OPTION…]: as ask_php one that speaks FastCGI: it knows no -r, and reads its program.
ask_cgi() {
    { echo '<?php $asked = <<<'"'Q$frame'" && questions && printf '\nQ%s;\n%s' "$frame" "$php_code"; } |
        XDEBUG_MODE=off patiently "$@" $unspoilt -q || not_php "$?"
}

# ask_job PLACE PHP [OPTION…]: PLACE is its process, or the line of a file: cron and systemd start it
# with nothing but what the file says.
ask_job() {
    case $2 in *frankenphp | *lsphp* | *unitd) echo "$2 has a PHP of its own, which cannot be asked" >&2 && return 43 ;; esac
    ours_only ours "$2" && { plain_options "$@" || ours_only our_process "$1"; } || return
    place=$1 ask=ask_php && shift
    case ${1##*/} in php-cgi*) ask=ask_cgi ;; esac
    case $place in /*) ;; *) with_environ_of "$place" "$ask" "$@"; return ;; esac
    # shellcheck disable=SC2046 -- a variable a word
    "$ask" env -i PATH=/usr/bin:/bin XDEBUG_MODE=off $(sed -n \
        's/^Environment=//; s/^"*\(PHP[A-Z_]*=[^" ]*\)"* *$/\1/p' "${place%:*}" 2>/dev/null) "$@"
}

# may_be_php PID: of an application of nginx Unit, only its memory shows which language it has.
may_be_php() { [ "$word" != unitd ] || ! grep -q . "/proc/$1/maps" || grep -q /php "/proc/$1/maps"; }

# serving_phps: "KIND PID WORD OPTION…" of what runs: workers, PHP's own server, and those by FastCGI.
serving_phps() {
    echo "$processes" | awk -F "$field" '{ at = index($1, " "); word = substr($1, at + 1); kind = options = ""
        if (word ~ /(^|\/)(frankenphp|lsphp[0-9.]*|php-cgi[0-9.]*)$/) kind = "FastCGI"
        else if (word ~ /^unit: "[^"]*" application/) { kind = "FastCGI"; word = "unitd" }
        else if (word ~ /(^|\/)php[0-9.]*$/) kind = "worker"
        else next
        for (n = 2; n <= NF && $n ~ /^-/; n++) { option = $n
            if (option == "-S") kind = "server"
            if (option ~ /^-[cdn]/) options = options " " option
            if (option ~ /^-[cdStb]$/) { n++; if (option ~ /[cd]/) options = options " " $n } }
        print kind, substr($1, 1, at - 1), word options }'
}
