# What somebody changed below /etc: the lines that count of every text file there, and the links.

paths=$(walk | worth_a_look)

changed_lines() { printf '%s\n' "$paths" | counting_lines lines; }
packaged_ini() { printf '%s\n' /usr/lib/php/*/php.ini-production* | counting_lines; }
changed_links() {
    set -- /dev/null
    IFS=$line_end && set -f
    for path in $paths; do case $path in link\ *) set -- "$@" "${path#link }" ;; esac; done
    ls -ld "$@"
}
# those_unread: print what this user may not read; what is in such a folder is not compared.
those_unread() {
    for_each file_unread "$paths"
    for_each folder_unread "$paths"
}
print_unread() { [ -r "$1" ] || printf '%s\n' "$1"; }
file_unread() { case $1 in lines\ *) print_unread "${1#lines }" ;; esac; }
folder_unread() { case $1 in folder\ *) print_unread "${1#folder }" ;; esac; }
chosen_alternatives() { grep -l '^manual' /var/lib/dpkg/alternatives/* 2>/dev/null || :; }

lines_of_files() {
    section config-lines changed_lines
    section config-packaged-ini packaged_ini
}
masked lines_of_files
section config-links changed_links
section config-unread those_unread
section config-alternatives chosen_alternatives
