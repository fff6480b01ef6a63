# Whether files may be read, and sections that only read some: one awk reads for all of them, since a
# process for each would take longer than the reading.

# closed PATH: whether this user may not read a file, or may not look where a file or a pattern is.
closed() {
    if [ -e "$1" ]; then [ ! -r "$1" ]; else [ -d "${1%/*}" ] && { [ ! -r "${1%/*}" ] || [ ! -x "${1%/*}" ]; }; fi
}

# answered NAME SAID FUNCTION: a section that a function has answered already; else it is asked why not.
answered() { if [ "$2" ]; then quick "$1" printf '%s\n' "$2"; else section "$1" "$3"; fi; }

# by_awk NAME CALL [FILE]: the section prints what a call of one of `functions` prints, which reads the file.
by_awk() {
    answer=0
    [ -z "${3-}" ] || [ -e "$3" ] || answer=44
    [ -z "${3-}" ] || ! closed "$3" || answer=43
    if [ "$answer" = 0 ]; then asked="$asked begin(\"$1\"); $2; end()$line_end"; else quick "$1" status "$answer"; fi
}

# read_files TEXT: ask the sections of by_awk so far; `given` has the lines of a text that some of them want.
read_files() {
    [ "$asked" ] || return 0
    printf '%s\n' "$1" | frame=$frame running_services=$running_services worker_groups=$worker_groups alternatives=$alternatives packaged=$packaged awk "$functions$counting
        BEGIN { frame = ENVIRON[\"frame\"] } { given[++lines] = \$0 } END { $asked }"
    asked=
}
asked='' running_services='' worker_groups='' alternatives='' packaged=
functions='
function begin(name) { printf "\n%s begin %s\n", frame, name; status = 0; reason = "" }
function end() { printf "\n%s end %d %s\n", frame, status, reason }
# needs FILE: a failure where that cannot be read, though this user may: of open files there may be few.
function needs(file) { if ((getline <file) < 0) { status = 1; reason = file " could not be read" } close(file) }
function copy(file) { while ((getline <file) > 0) print; close(file) }'
