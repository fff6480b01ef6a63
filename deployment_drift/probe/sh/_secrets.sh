# What counts as secret: the one list, of extended regular expressions, one a line. The names are
# matched in small letters. `more_secrets` (further names, one a line) extends the first list.

# A name whose value is secret: of a setting, a variable, a directive, an option, a header.
secret_names='passw|passphrase|pass$|^pass_
(pwd|[._-]pw)$
secret|token|credential|webhook
(master|[._-])auth$|authorization|^cookie$
salt$|[._-]key$|(api|app|access|auth|license|encryption|shared)_?key'${more_secrets:+$line_end$more_secrets}

# A name that looks like one of these and is none: `server_tokens`, `fastcgi_pass`.
plain_names='(fastcgi|proxy|uwsgi|scgi|grpc|memcached|by|com|no)_?pass$
tokens$|(cache|certificate|host|foreign|primary|public|trusted|index)_?key$
password_?(authentication|expire|history|lifetime|policy|reuse|length)|(file|path|dir|size|length|timeout|ttl|lifetime|days|age)$'

# A value that is none, whatever its name: a switch, nothing, a line of PAM, a file.
plain_values='["'\'']?(on|off|yes|no|true|false|none|null|[0-9]?[0-9]?)["'\'']?
(files|compat|systemd|db)( [a-z ]*)?|.*[ 	]pam_[a-z0-9_]+[.]so.*
[^ ]*[.](pem|key|crt)'

# What is secret whatever its name: credentials in an address, web tokens, keys of clouds and
# forges, hashes of passwords, headers with credentials, arguments -u USER:PASSWORD and -pPASSWORD.
secret_values='://[^] "'\''<>	]*@
eyJ[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]*
(AKIA|ASIA|AIza|gh[pousr]_|github_pat_|glpat-|npm_|xox[abeprs]-|[rsp]k_(live|test)_|whsec_|SG[.])[A-Za-z0-9_.-]+
[$](1|2|2[abxy]|5|6|7|y|gy|apr1|argon2[a-z]*)[$][^ :"'\'']+
[{](SHA|SSHA|MD5|CRYPT|SSHA512)[}][^ ]+
([Bb]earer|[Bb]asic) +[A-Za-z0-9._~+/=-]+
base64:[A-Za-z0-9+/=]+
(^|[ 	])-u +[^ :]+:[^ ]+
mysql[a-z]* .*-p[^ ]+
[?&]auth([[][a-z]*[]])?=[^ &"'\'']+
^user +[^ ]+ .*[>#<!][^ ]+
^[^: ]+:([0-9]+|[*]):[^: ]+:[^: ]+:[^: ]+$'

# Files that consist of credentials: no line of them is shown.
secret_files='htpasswd|/(memcached|dovecot|pgbouncer|proftpd|mosquitto|squid|vsftpd|nginx|apache2|httpd|lighttpd)/([^ ]*/)?[^/]*(passwd|pwfile|users?|userlist|auth)([.](txt|db|list))?$|[.]netrc$|[.]pgpass$|sasl_passwd|-secrets$|[.]git-credentials|/auth[.]json$|(secret|credential)[^/]*$'

# Files that are never opened: private keys, and what stands for passwords.
unread='shadow-?$|/opasswd|[.](key|p12|pfx|jks|keytab|ppk)$|[.]pem$|/id_[a-z0-9]+$|_key$|/private/|/ssh_host_'
