#!/bin/sh
# Holds an emulator in the kernel's list (binfmt_misc) as long as its standard input is open:
# whoever is killed closes it, too, and then the list is again as it was found. There is one list a
# kernel, so what is locked is a file of the list itself: that does not ask whose engine this is.
set -eu
ours=deployment-drift
magic=$(cut -d: -f5 /kind | sed 's/\\x//g')

# Name what others have registered for the same CPU and is switched on.
found() {
    for entry in *; do
        case $entry in register | status | "$ours") continue ;; esac
        ! grep -q '^enabled' "$entry" || ! grep -q "^magic $magic" "$entry" || echo "$entry"
    done
}

restore() {
    [ ! -e "$ours" ] || echo -1 >"$ours"
    [ ! -e /off ] || while read -r entry; do echo 1 >"$entry"; done </off
}

cd /binfmt_misc
case "${1-hold}" in
take)
    flock --nonblock --conflict-exit-code 75 9
    : >/taken
    restore
    ;;
found) found ;;
off)
    found >/off
    while read -r entry; do echo 0 >"$entry"; done </off
    ;;
on)
    restore
    sed "s|^:[^:]*:\(.*\):[^:]*:[^:]*$|:$ours:\1:/emulator-binfmt-P:OPF|" /kind >register
    ;;
hold)
    mount -t binfmt_misc binfmt_misc .
    cd /binfmt_misc
    # only root may open this one; it is given free when the last program here ends
    exec 9>>register
    trap '[ ! -e /taken ] || restore' EXIT
    /bin/sh
    ;;
esac
