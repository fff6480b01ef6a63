# What is to run once, by at(1), and what runs when a file changes, by incron.

# at_jobs: print "USER<tab>FOLDER<tab>COMMANDS" of each job, without the variables of who typed it.
at_jobs() {
    set -- && refused=
    for folder in /var/spool/cron/atjobs /var/spool/at /var/spool/incron; do
        ! closed "$folder/*" || { echo "$folder" >&2 && return 43; }
        for job in "$folder"/*; do
            case $folder${job##*/} in *incron*) ;; *[!a-zA-Z=]????????????? | *[!0-9a-f]) continue ;; esac
            [ ! -f "$job" ] || { [ -r "$job" ] && set -- "$@" "$job"; } || refused=$job
        done
    done
    [ -z "$refused" ] || { echo "$refused" >&2 && return 43; }
    [ $# = 0 ] || awk "$at_lines" "$@"
    [ -d /var/spool/cron/atjobs ] || [ -d /var/spool/at ] || [ -d /var/spool/incron ] || return 44
}
at_lines='
function tell() { if (said) print user "\t" place "\t" said; said = place = user = ""; begun = 0 }
FNR == 1 { tell(); table = FILENAME ~ /incron/ }
table { user = FILENAME; sub(/.*\//, "", user); place = "incron"; said = $0; if (/^[ \t]*(#|$)/) said = ""; tell(); next }
/^# atrun uid=/ { user = $3; sub(/uid=/, "", user) }
!begun && /^cd .*[|][|] [{]$/ { place = $0; sub(/^cd /, "", place); sub(/ [|][|] [{]$/, "", place) }
!begun { if (place && /^}/) begun = 1; next }
/DELIMITER[0-9a-f]+/ || /^[ \t]*(#|$)/ { next }
{ said = said (said ? "; " : "") $0 }
END { tell() }'
section_of_at() { quick at-jobs at_jobs; } && masked section_of_at
