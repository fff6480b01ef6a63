# Whether files may be read, and sections that only read some: one awk reads for all of them, since a
# process for each would take longer than the reading.

# closed PATH: whether this user may not read a file, or may not look where a file or a pattern is.
closed() {
    if [ -e "$1" ]; then [ ! -r "$1" ]; else [ -d "${1%/*}" ] && { [ ! -r "${1%/*}" ] || [ ! -x "${1%/*}" ]; }; fi
}

# readable FILE: print it; 44 where there is none, 43 where this user may not read it.
readable() {
    ! closed "$1" || return 43
    [ -e "$1" ] || return 44
    cat "$1"
}

# answered NAME SAID FUNCTION: a section that a function has answered already; else it is asked why not.
answered() { if [ "$2" ]; then quick "$1" printf '%s\n' "$2"; else section "$1" "$3"; fi; }

# by_awk NAME CALL [FILE]: the section prints what a call of awk prints, which reads the file by itself.
# The functions stand in `functions`; `needs` a file: 43 where it cannot be read.
by_awk() {
    if [ "${3-}" ] && closed "$3"; then quick "$1" status 43 && return; fi
    if [ "${3-}" ] && [ ! -e "$3" ]; then quick "$1" status 44 && return; fi
    asked="$asked begin(\"$1\"); $2; end()$line_end"
}
functions='
function begin(name) { printf "\n%s begin %s\n", frame, name; status = 0 }
function end() { printf "\n%s end %d \n", frame, status }
function needs(file) { if ((getline <file) < 0) status = 43; close(file) }
function copy(file) { while ((getline <file) > 0) print }'

# read_files: ask the sections of by_awk so far.
read_files() {
    printf '%s\n' "$dpkg_said" | frame=$frame running_services=$running_services awk "$functions
        BEGIN { frame = ENVIRON[\"frame\"] } { read_line(\$0) } END { $asked }"
    asked=
}
asked='' running_services=
