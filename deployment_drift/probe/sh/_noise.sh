# Files below /etc that are left out.

# Equal servers differ in these, or they say nothing of how a server works; other sections ask for
# names, users, certificates, routes and the distribution.
noise='/(ld[.]so[.]cache|mtab|machine-id|host(name|s|id)|resolv[.]conf|passwd-?|group-?|subuid-?|subgid-?)$
/(adjtime|fstab|motd|issue([.]net)?|[.]pwd[.]lock|[.]updated|mailname|popularity-contest[.]conf|moduli|xattr[.]conf)$
/(os-release|debian_version|alpine-release|timezone|localtime|initiatorname[.]iscsi)$
^/etc/(apt/(trusted[.]gpg[.]d|keyrings)|ssl/certs|fonts/conf[.](d|avail)|skel|logcheck|rc.[.]d|letsencrypt|X11|init[.]d)/
^/etc/(netplan|network|NetworkManager/system-connections|sysconfig/network-scripts|systemd/network)/|/70-persistent-net[.]rules$
^/etc/(bindresvport|ca-certificates/|pki/ca-trust|alternatives/README|alternatives/.*[.]gz|udev/hwdb|terminfo/|profile[.]d/gawk)
[.](gpg|asc|db|bin|cache|pyc|swp|bak|orig|rej|pub|pid|dpkg-[a-z]*|ucf-[a-z]*|rpmnew|rpmsave|apk-new)$|~$'
