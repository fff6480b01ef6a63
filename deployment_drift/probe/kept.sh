# Runs on a host, where sh reads it from its standard input: keeps one sh there for the commands
# that follow, and leaves nothing behind. `mark` is set by the line before this file.
#
# The commands pass through `cat`. When it ends, because whoever asks is done, killed or cut off,
# what still runs here is ended; when the sh ends, so does the rest, and the client notices.
set -u
group=
read -r _ _ _ _ group _ 2>/dev/null <"/proc/$$/stat" || :

# End this process group, if it is surely our own; a trap keeps alive those who reap the others,
# for a container's first process may not do it.
end() {
    [ "$group" != "$$" ] || kill "$1" 0
}

# Hand the commands on; a host needs a shell and nothing else.
hand_on() {
    if command -v cat >/dev/null; then
        cat
    else
        while IFS= read -r line; do printf '%s\n' "$line"; done
    fi
}

# The sh says what it has to say itself ("Killed") to nobody; commands have their errors on 3.
{
    trap : TERM
    echo "$mark"
    echo "$mark" >&2
    { hand_on; end -TERM; } 2>/dev/null | { trap : TERM; /bin/sh 3>&2 2>/dev/null; end -TERM; }
    end -KILL
}
