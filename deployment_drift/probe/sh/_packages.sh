# What package managers say, asked once: dpkg's packages, each with its files of configuration.

dpkg_wanted='${db:Status-Abbrev}\t${Package}\t${Architecture}\t${Version}\t${Priority}\t${Essential}\n'
dpkg_said=$(dpkg-query -W -f "$dpkg_wanted"'${Conffiles}\n' 2>/dev/null) || dpkg_said=

# has_rpm: whether rpm is here with a database; busybox has a program of that name.
has_rpm() { command -v rpm >/dev/null && { [ -d /var/lib/rpm ] || [ -d /usr/lib/sysimage/rpm ]; }; }
