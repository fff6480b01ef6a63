# What package managers say, asked once: dpkg's packages, each with its files of configuration.

dpkg_wanted='${db:Status-Abbrev}\t${Package}\t${Architecture}\t${Version}\t${Priority}\t${Essential}\n'
dpkg_said=$(dpkg-query -W -f "$dpkg_wanted"'${Conffiles}\n' 2>/dev/null) || dpkg_said=

# missing NAME: 44; 43 where a program of that name is there, and this user may not run it.
missing() (
    IFS=:
    for folder in $PATH; do [ ! -f "$folder/$1" ] || [ -x "$folder/$1" ] || { echo "$folder/$1 may not be run" >&2 && exit 43; }; done
    exit 44
)

# untold PROGRAM FILE…: 44; 43 where a package manager's database is there, and nothing that tells of it.
untold() {
    missing "$1" || [ "$?" = 44 ] || return 43
    program=$1 && shift
    for file; do
        ! closed "$file" || { echo "$file" >&2 && return 43; }
        [ ! -e "$file" ] || { echo "$file is there, and no $program" >&2 && return 43; }
    done
    return 44
}

# has_rpm: whether rpm is here with a database, which it would make otherwise; busybox has an rpm, too.
rpm_files='/var/lib/rpm/rpmdb.sqlite /var/lib/rpm/Packages /var/lib/rpm/Packages.db
/usr/lib/sysimage/rpm/rpmdb.sqlite /usr/lib/sysimage/rpm/Packages /usr/lib/sysimage/rpm/Packages.db'
has_rpm() { command -v rpm >/dev/null && for file in $rpm_files; do [ ! -e "$file" ] || return 0; done && return 1; }

functions=$functions'
function packages(i) { for (i = 1; i <= lines; i++) if (given[i] ~ /^[^ ]/) print given[i] }
function architecture(i, part) { for (i = 1; i <= lines; i++) if (split(given[i], part, "\t") > 2 && part[2] == "dpkg") print part[3] }
# What was installed only because something else wanted it.
function automatic(file, name) { while ((getline <file) > 0) {
  if (/^Package:/) name = $2; if (/^Auto-Installed: 1/) print name } }'
