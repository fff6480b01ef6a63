# Who may read and write configuration: a service or cron ignores what it may not read, or what
# everybody may write. And which keys there are that nobody opens.

permissions() { with_names "$(for_each print_delicate "$paths")" ls -ld; }
print_delicate() { case $1 in delicate\ *) printf '%s\n' "${1#delicate }" ;; esac; }
section config-permissions permissions
unread_outside() { for_each print_unread "$outside_paths"; }
section files-unread unread_outside
