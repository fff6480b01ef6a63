# What is told of one application, whose folder is $app.
# described: revision, name, and what ls says of folders, links, keys, and files too big or not for all.
described() {
    for user in $users; do
        while IFS=: read -r name _ number _ && [ "$number" != "$user" ]; do name=; done </etc/passwd
        echo "@@ user ${name:-$user} $(id -Gn "${name:-$user}" 2>/dev/null)"
    done
    revision=
    if [ -e "$app/REVISION" ] || [ -e "$app/.git" ]; then revision=$(revision); fi
    echo "@@ revision $revision"
    [ ! -r "$app/composer.json" ] ||
        sed -n '/^ *{*"name"[ ]*:[ ]*"[^"]*"/{ s/^ *{*"name"[ ]*:[ ]*"\([^"]*\)".*/@@ name \1/p; q; }' "$app/composer.json"
    filling && above='' && switches && ancestors && unwritable && with_names "$above$names" ls -ld
}

revision() {
    [ ! -r "$app/REVISION" ] || head -n 1 "$app/REVISION"
    read -r word name <"$app/.git/HEAD" || return 0
    [ "$word" = ref: ] || echo "$word"
    cat "$app/.git/$name" || sed -n "s, $name\$,,p" "$app/.git/packed-refs"
} 2>/dev/null

# hashed: the files of code, each with the start of its hash; errors stay among them.
hashed() {
    [ "$hashing" ] || { echo 'nothing here can hash a file' >&2 && return 43; }
    path=$app/node_modules/.package-lock.json
    [ ! -r "$path" ] || names=$names${names:+$line_end}$path
    [ -z "$names" ] || with_names "$names" $hashing 2>&1 | sed 's/^\([0-9a-f]\{16\}\)[0-9a-f]* [ *]/\1 /'
}

# set_up: the lines of small files with settings, without secrets; links are followed.
set_up() { IFS=$line_end && set -f && lines '' $names; }

# installed: Composer's packages and their versions.
installed() {
    [ ! -r "$app/vendor/composer/installed.json" ] || tr ',{}' '\n\n\n' <"$app/vendor/composer/installed.json" |
        awk -F '"' '$2 == "name" && $4 ~ /^[a-z0-9_.-]+\/[a-z0-9_.-]+$/ { name = $4 }
            $2 == "version" && name { print name " " $4; name = "" }'
}
