# Settings of a PostgreSQL that runs here: of its files, what they include, and what it was started with.

postgres_files() {
    service_pid postgres && words "$pid" && arguments=$words || return
    data=$(echo "$arguments" | sed -n '/^-D$/{n;p;}; s/^-D\(..*\)/\1/p' | head -n 1)
    given=$(postgres_given)
    file=$(echo "$given" | sed -n 's/^config_file=//p' | tail -n 1)
    file=${file:-${data:-/var/lib/postgresql/data}/postgresql.conf}
    [ -r "$file" ] || return 43
    all=$file$line_end$(postgres_included)$line_end$data/postgresql.auto.conf
    refused= && for_each postgres_read "$all" && [ ! "$refused" ] || return 43
    for_each existing "$all" | counting_lines
    [ -z "$given" ] || printf '@@ its arguments\n%s\n' "$(echo "$given" | awk '{ print NR "\t" $0 }')"
}
postgres_read() { ! closed "$1" || refused=1; }
existing() { [ ! -f "$1" ] || echo "$1"; }
# postgres_given: the settings among the arguments, as -c NAME=VALUE or --NAME=VALUE.
postgres_given() {
    echo "$arguments" | awk 'said { print; said = 0; next } $0 == "-c" { said = 1; next } sub(/^(-c|--)/, "") && /=/'
}
# postgres_included: the files that the main one includes, with the folders that it names.
postgres_included() {
    postgres_named=$(awk -v quote="'" '{ sub(/^[ \t]+/, "") } /^include(_dir|_if_exists)?[ \t=]/ {
        split($0, part, quote); print ($1 ~ /^include_dir/ ? "dir " : "file ") part[2] }' "$file")
    for_each postgres_include "$postgres_named"
}
postgres_include() {
    place=${1#* }
    case $place in /*) ;; *) place=${file%/*}/$place ;; esac
    if [ "${1%% *}" = dir ]; then ls "$place"/*.conf 2>/dev/null; else echo "$place"; fi
}
section_of_postgres() { quick postgres-files postgres_files; }
masked section_of_postgres
