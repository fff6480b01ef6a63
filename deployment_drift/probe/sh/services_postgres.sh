# Settings of a PostgreSQL that runs here, of its files and of what it was started with, and who may log in.

postgres_files() {
    service_pid postgres && words "$pid" && given=$(given_settings) || return
    data=$(echo "$words" | sed -n '/^-D$/{n;p;}; s/^-D\(..*\)/\1/p' | head -n 1)
    place=$(readlink "/proc/$pid/cwd" || as_user_of "$pid" readlink "/proc/$pid/cwd") && [ -f "$place/PG_VERSION" ] && data=$place
    data=${data:-${PGDATA:-/var/lib/postgresql/data}}
    file=$(echo "$given" | sed -n 's/^config_file=//p' | tail -n 1)
    settings=$(with_included "${file:-$data/postgresql.conf}" "$data/postgresql.auto.conf") && [ "$settings" ] || return 43
    [ -z "$given" ] || settings=$settings$line_end$(printf '@@ its arguments\n' && echo "$given" | awk '{ print NR "\t" $0 }')
    printf '%s\n' "$settings"
}
# given_settings: those among the arguments, as -c NAME=VALUE, --NAME=VALUE or -N 20.
given_settings() {
    echo "$words" | awk 'function tell(text) { if (text ~ /=/) print text }
        said { if (said == "-c") tell($0); else print said " " $0; said = ""; next }
        /^-[cNBph]$/ { said = $0; next } /^-[NBph]/ { print; next } sub(/^(-c|--)/, "") { tell($0) }'
}
# access_file NAME: the file of PostgreSQL that says who may log in, where its settings or its folder have it.
access_file() {
    named=$(printf '%s\n' "$settings" | sed -n "s/^[0-9]*	[ ]*$1_file[ =]*//p" | tail -n 1)
    named=${named#\'} && named=${named%%\'*}
    case $named in '') named=$data/pg_$1.conf ;; /*) ;; *) named=$data/$named ;; esac
    with_included "$named"
}
# as_user_of PID COMMAND…: within a container root may not see all of another user's process, and that user may.
as_user_of() {
    [ "$own_number" = 0 ] && command -v setpriv >/dev/null || return
    about=$1 && shift
    # shellcheck disable=SC2046 -- the columns of ls
    setpriv $(ls -dn "/proc/$about" | awk '{ print "--reuid=" $3, "--regid=" $4 }') --clear-groups "$@"
}
who_may_log_in() { [ "$settings" ] || return 44; access_file hba && access_file ident; }
section_of_postgres() {
    settings='' && quick postgres-files postgres_files
    quick postgres-access who_may_log_in
}
masked section_of_postgres
