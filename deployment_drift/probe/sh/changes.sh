# What somebody changed below /etc: the lines that count of every text file there, and the links.

# Equal servers differ in these, or they say nothing of how a server works; other sections ask for
# names, users, certificates and the distribution.
noise='/(ld[.]so[.]cache|mtab|machine-id|host(name|s|id)|resolv[.]conf|passwd-?|group-?|subuid-?|subgid-?)$
/(adjtime|fstab|motd|issue([.]net)?|[.]pwd[.]lock|[.]updated|mailname|popularity-contest[.]conf|moduli|xattr[.]conf)$
/(os-release|debian_version|alpine-release|timezone|localtime|initiatorname[.]iscsi)$
^/etc/(apt/(trusted[.]gpg[.]d|keyrings)|ssl/certs|fonts|skel|logcheck|rc.[.]d|letsencrypt|X11|init[.]d)/
^/etc/(mime.types$|bindresvport|ca-certificates/|pki/ca-trust|alternatives/README|alternatives/.*[.]gz|udev/hwdb|terminfo/|profile[.]d/gawk)
[.](gpg|asc|db|bin|cache|pyc|swp|bak|orig|rej|pub|pid|dpkg-[a-z]*|ucf-[a-z]*|rpmnew|rpmsave|apk-new)$|~$'

# found_config TYPE: list the paths below /etc of a type (f, l) that are worth a look.
found_config() {
    find /etc -xdev -type "$1" -size -192 2>/dev/null | grep -Ev "$(any_of "$noise$line_end$unread")" | sort
}
any_of() { printf %s "$1" | tr "\n" "|"; } # one expression of several
# Of the paths on standard input, those that may be read, or not; "read" would take a byte at a time.
readable_paths() (IFS=$line_end && set -f && for path in $(cat); do [ ! -r "$path" ] || printf '%s\0' "$path"; done)
unreadable_paths() (IFS=$line_end && set -f && for path in $(cat); do [ -r "$path" ] || printf '%s\n' "$path"; done)

# counting_lines: of the files on standard input, print the lines that are no comment, numbered.
counting_lines() {
    xargs -0 awk 'FNR == 1 { print "@@ " FILENAME }
        !/^[ \t\r]*$/ && !/^[ \t]*([#;]|\/\/)/ { print FNR "\t" $0 }' /dev/null | mask
}
changed_lines() { found_config f | readable_paths | counting_lines; }
changed_links() { found_config l | tr '\n' '\000' | xargs -0 ls -ld /dev/null; }
packaged_ini() { ls /usr/lib/php/*/php.ini-production* 2>/dev/null | readable_paths | counting_lines; }
chosen_alternatives() { grep -l '^manual' /var/lib/dpkg/alternatives/* 2>/dev/null || :; }

section config-lines changed_lines
section config-links changed_links
# closed_folders: those that this user may not look into; what is in them is not compared.
closed_folders() {
    find /etc /usr/local /opt -xdev \( -name .git -o -name node_modules \) -prune -o -type d -print 2>/dev/null |
        sed 's,$,/,' | grep -Ev "$(any_of "$noise$line_end$unread")" | unreadable_paths
}
section config-unread eval '{ found_config f | unreadable_paths; closed_folders; }'
section config-packaged-ini packaged_ini
section config-alternatives chosen_alternatives
