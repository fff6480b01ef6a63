# What is told of one application, whose folder is $app.
# described: revision, name, and what ls says of folders, links, keys, and files too big or not for all.
described() {
    for user in $service_users; do
        while IFS=: read -r name _ number _ && [ "$number" != "$user" ]; do name=; done </etc/passwd
        echo "@@ user ${name:-$user} $(id -Gn "${name:-$user}" 2>/dev/null)"
    done
    echo "@@ revision $(revision)"
    [ ! -r "$app/composer.json" ] || sed -n 's/^ *{*"name"[ ]*:[ ]*"\([^"]*\)".*/@@ name \1/p' "$app/composer.json" | head -n 1
    with_names "$({ switches; ancestors; within "$app" '-type d -print' "-type d ! -path @/vendor/* -print -o -type l -print -o
        -type f ( ! -perm -004 -o -size +10240 -o $keys ) -print"; } | sort | head -n 5001)" ls -ld
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
    with_names "$(within "$app" '' "-type f ! ( ( $settings ) -size -129 ! -path @/vendor/* ) ! ( $keys )
        -size -10241 $apart -print" 2>&1 | sort | head -n 20001)" $hashing 2>&1 | sed 's/^\([0-9a-f]\{16\}\)[0-9a-f]* [ *]/\1 /'
}

# set_up: the lines of small files with settings, without secrets; links are followed.
set_up() (
    IFS=$line_end
    lines '' $(unset IFS && within "$app" '' "( -type f -o -type l ) ( $settings ) -size -129 ! -path @/vendor/* $apart -print" |
        sort | head -n 201)
)

# installed: Composer's packages and their versions.
installed() {
    [ ! -r "$app/vendor/composer/installed.json" ] || tr ',{}' '\n\n\n' <"$app/vendor/composer/installed.json" |
        awk -F '"' '$2 == "name" && $4 ~ /^[a-z0-9_.-]+\/[a-z0-9_.-]+$/ { name = $4 }
            $2 == "version" && name { print name " " $4; name = "" }'
}
