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
        [ ! -e "$path" ] || printf '%s\n' "$path"
    done
}
settings='-name .env* -o -name .user.ini -o -name .htaccess -o -name *.ini -o -name *.yaml -o -name *.yml
-o -name *.neon -o -name *config*.php -o -name *settings*.php -o -name *local*.php -o -name env.php
-o -name *parameters* -o -name *credential* -o -name *secret* -o -name auth.json -o -name .htpasswd'
keys='-name *.key -o -name *.pem -o -name *.p12 -o -name *.pfx -o -name *.jks -o -name id_*'

# within APP FILLED TESTS: find with these tests below an application, which "@" stands for; FILLED is
# what becomes of the folders that it fills.
within() (
    set -f
    app=$1 tests="$2 -o $3"
    set -- -name .git
    for name in $left_out; do set -- "$@" -o -name "$name"; done
    set -- \( "$@" \) -prune -o \( -path "$app/var/cache"
    for path in $filled; do set -- "$@" -o -path "$app/$path"; done
    set -- "$@" \) -prune
    for word in $tests; do
        case $word in @*) word=$app${word#@} ;; esac
        set -- "$@" "$word"
    done
    find "$app" "$@"
)
