# What configuration leads to outside of what else is looked at: a folder that is closed, a file that is another.

# paths_named: print the paths, at most 200, and the homes of those who run web servers and PHP.
paths_named() {
    set -- /etc/php/*/*/php.ini /etc/php/*/*/conf.d/*.ini /etc/php/*/fpm/pool.d/*.conf /etc/php.ini /etc/php.d/*.ini /etc/php-fpm.d/*.conf \
        /usr/local/etc/php/*.ini /usr/local/etc/php/conf.d/*.ini /usr/local/etc/php-fpm.d/*.conf /etc/systemd/system/*.service \
        /opt/*/*/etc/php-fpm.d/*.conf /opt/*/*/*/etc/php-fpm.d/*.conf /etc/lighttpd/*.conf /etc/lighttpd/conf-enabled/*.conf \
        /etc/caddy/Caddyfile /etc/msmtprc /etc/systemd/system/*.service.d/*.conf /etc/supervisor/conf.d/*.conf /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/*
    IFS=$line_end && set -f && set -- "$@" ${settings_1-} ${settings_2-} ${settings_3-} ${settings_4-}
    for file; do shift && { [ ! -f "$file" ] || [ ! -r "$file" ] || set -- "$@" "$file"; }; done
    printf '%s\n' "$nginx_said" "$apache_said" | files=$* apps=${applications-} users=" ${users-} " awk "$named_paths"
}
named_paths='
function inside(path, i) { for (i = 1; i <= roots; i++) if (index(path "/", root[i] "/") == 1) return 1; return 0 }
function tell(path) { sub(/[.\/]+$/, "", path); if (path ~ /[.]log$/) sub(/\/[^\/]*$/, "", path)
  if (path !~ /^\/[^\/]+\/[^\/]/ || path ~ elsewhere || path ~ /\/[.][.]|\/\// || path ~ /^(\/var)?\/run\// && path !~ /[.]sock$/ || inside(path) || path in seen || all > 199) return
  seen[path]; all++; print path (searched ? "/." : "") }
function look(line) { if (line ~ /^([0-9]+\t)?[ \t]*([#;*]|\/[\/*])/) return
  searched = line ~ /include_path/
  while (match(line, /[="\047: \t(,>\037]\/[A-Za-z0-9_.\/@-]+/)) {
    tell(substr(line, RSTART + 1, RLENGTH - 1)); line = substr(line, RSTART + RLENGTH) } }
BEGIN { roots = split(ENVIRON["apps"], root, "\n")
  elsewhere = "^/(etc|bin|sbin|lib[0-9x]*|dev|proc|sys|boot|tmp|var/(tmp|lock|spool|mail|backups))(/|$)|^/var/log/(nginx|apache2)$|^/var/lib/(php|nginx)(/|$)" }
{ look($0) }
END { while ((getline line <"/etc/passwd") > 0) { split(line, part, ":")
    if (part[3] == 0 || index(ENVIRON["users"], " " part[3] " ")) { tell(part[6]); home = part[6]
      all_of_home = split(".my.cnf .ssh/config .netrc .pgpass .aws/credentials" (part[3] == 0 ? "" : " .gitconfig .msmtprc .mailrc .npmrc .curlrc .wgetrc .ssh/known_hosts .ssh/id_rsa .ssh/id_ed25519 .config/composer/auth.json .composer/auth.json"), dot, " ")
      for (i = 1; i <= all_of_home; i++) tell(home "/" dot[i]) } }
  for (n = split(ENVIRON["files"], file, "\n"); n; n--) { while ((getline line <file[n]) > 0) look(line); close(file[n]) } }'
