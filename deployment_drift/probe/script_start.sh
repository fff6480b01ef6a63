#!/bin/sh
# Says what this server is, for a comparison with others: a snapshot on standard output.
#
#   sh drift.sh >web-1.snapshot          as root it sees everything, as another user what that may see
#   deployment-drift compare --local web-1.snapshot --release web-2.snapshot       on your own machine
#
# What it does: it reads. Versions and settings of PHP, web servers, databases and the system,
# packages, configuration below /etc, and the checksums of the application's files. It asks the
# programs that are here only what they are like (php -r, nginx -V, dpkg-query, id and their kind),
# and this server's own web server for the pages in `web_pages` below, if there are any.
# What it never does: write a file, change a setting, install or stop anything, ask for a password,
# open a private key or /etc/shadow, or send anything to another machine.
# What it needs: this file. Whatever is missing here is "absent" or "unknown" in the comparison.
#
# Passwords, tokens and keys are replaced here, before anything is printed, by a digest with a key.
# Servers can be compared when they had the same key: the one below, which is another one in every
# file that is generated, or yours, of at least 32 random letters, in the environment:
#   DRIFT_KEY=… sh drift.sh
# The key is not in what is printed. Keep it, and this file, as you keep passwords.
exec 2>/dev/null
