# What of an application is looked at, and which folders it is written to; docs/comparing.md says so.

# Names that are nobody's code, and folders that the running application fills.
left_out='.git .svn .hg .idea .vscode node_modules .DS_Store *.log *.pid *.swp .phpunit.result.cache'
filled='var/cache var/log var/sessions var/tmp var/page_cache storage/framework storage/logs storage/app
storage/debugbar bootstrap/cache wp-content/uploads wp-content/cache wp-content/upgrade web/app/uploads
sites/default/files pub/media pub/static generated tmp temp cache log logs sessions uploads upload files
media templates_c typo3temp fileadmin/_processed_ public/uploads public/media data/cache runtime backup backups'
# switches: files in these folders that decide how it answers: cached configuration, maintenance.
switches() {
    for path in "$app"/bootstrap/cache/[cer]*.php "$app"/storage/framework/[dm]* "$app"/var/.maintenance.*; do
        [ ! -e "$path" ] || above=$above$path$line_end
    done
    [ ! -d "$app/node_modules" ] || above=$above$app/node_modules$line_end
}
settings='-name .env* -o -name .user.ini -o -name .htaccess -o -name *.ini -o -name *.yaml -o -name *.yml
-o -name *.neon -o -name *config*.php -o -name *settings*.php -o -name *local*.php -o -name env.php
-o -name *parameters* -o -name *credential* -o -name *secret* -o -name auth.json -o -name .htpasswd'
keys='-name *.key -o -name *.pem -o -name *.p12 -o -name *.pfx -o -name *.jks -o -name id_*'
# What a crontab or a person runs by its name: without that permission it is not run.
run='-perm -100 ( -path */bin/* -o -path */scripts/* -o -name artisan -o -name console -o -name *.sh )'

# look_within APP: print its paths, those whose files are hashed once, those that are told of twice, files
# with settings four times, and a service's data eight times more.
twice='-print -print'
look_within() (
    set -f
    set -- "$1" -name .git
    for name in $left_out; do set -- "$@" -o -name "$name"; done
    app=$1 && shift
    set -- \( "$@" \) -prune -o \( -path "$app/var/cache"
    for path in $filled; do set -- "$@" -o -path "$app/$path"; done
    set -- "$@" \) -prune -type d $twice -o
    for user in $users; do set -- "$@" \( -user $user ! -name *.php ! -name *.phtml ! -name *.inc $twice $twice $twice $twice -o -name * \); done
    set -- "$@" \( \( -type d ! -path "$app/vendor/*" -o -type l -o -type f \( ! -perm -004 -o -size +10240 -o $run -o $keys \) \) $twice -o -name * \)
    set -- "$@" \( \( -type f -o -type l \) \( $settings \) -size -129 ! -path "$app/vendor/*" $twice $twice -o -name * \)
    find "$app" "$@" -type f ! \( \( $settings \) -size -129 ! -path "$app/vendor/*" \) ! \( $keys \) -size -10241 -print 2>&1
)
