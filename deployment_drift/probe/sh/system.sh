# What everything stands on.

section kernel uname -srm
section os-release readable /etc/os-release
