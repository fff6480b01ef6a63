# What somebody changed below /etc: the lines that count of every text file there, and the links.

owned=$(grep -hE '^/(etc|usr/(local|lib/php|share/php|share/fonts)|opt)/' /var/lib/dpkg/info/*.list 2>/dev/null)
eval "$({ [ -z "$owned" ] || printf '%s\n' "$owned"; echo; walk; } | worth_a_look)"
named_folders='' missing_files='' && for_each note_named "$(paths_named)"
note_packaged
own_units=$(changed_units "$(unit_sums)")
note_unit() { case $line_end$changed$line_end in *"$line_end$1$line_end"*) ;; *) changed=$changed${changed:+$line_end}$1 ;; esac; }
for_each note_unit "$own_units$line_end$(usual_units)"
for path in /var/spool/cron/crontabs/*; do [ ! -f "$path" ] || exposed=$exposed${exposed:+$line_end}$path; done

functions=$functions'
function changed(i) { for (i = 1; i <= lines; i++) count_lines(given[i]) }
function packaged(all, file, i) { all = split(ENVIRON["packaged"], file, "\n"); for (i = 1; i <= all; i++) count_lines(file[i]) }'
changed_links() { with_names "/dev/null$line_end$links" ls -ld; }
# those_unread: print what this user may not read; what is in such a folder is not compared.
those_unread() {
    IFS=$line_end && set -f
    for path in $1; do [ -r "$path" ] || printf '%s\n' "$path"; done
}

lines_of_files() {
    set -- /usr/lib/php/*/php.ini-production*
    IFS=$line_end && packaged=$* && unset IFS
    by_awk config-lines 'changed()'
    by_awk config-packaged-ini 'packaged()'
}
masked lines_of_files
quick config-links changed_links
quick config-unread those_unread "$changed$line_end$folders"
quick files-unread those_unread "$outside"
# Who may read and write it matters: a service or cron ignores what it may not read, or everybody may write.
quick config-permissions with_names "$exposed" ls -ld
quick files-missing printf %s "$missing_files"
quick files-removed printf %s "$removed_files"
quick config-units printf %s "$own_units"
quick config-owned printf '%s\n' "$owned"
