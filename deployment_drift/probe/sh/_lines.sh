# Texts of several lines, without a process for them.
field=$(printf '\037') # what cuts a line into fields

# for_each COMMAND TEXT: run it with each line.
for_each() {
    IFS=$line_end && set -f
    for each_line in $2; do unset IFS && set +f && "$1" "$each_line"; done
    unset IFS && set +f
}

# first_seen LINE: print it, if it is not yet in `seen`.
first_seen() {
    case $line_end$seen$line_end in *"$line_end$1$line_end"*) ;; *) seen=$seen$line_end$1 && printf '%s\n' "$1" ;; esac
}

# A function of awk that quotes a text for sh.
quoted='function quoted(text) { gsub(/\047/, "\047\"\047\"\047", text); return "\047" text "\047" }'
# One that prints a list as a variable of sh, one item a line.
listed='function assign(name, list, all, i) { printf "%s=", name
  for (i = 1; i <= all; i++) printf "%s%s", quoted(list[i]), i < all ? "\"\n\"" : ""
  print "" }'

# with_names NAMES COMMAND…: run it with these names, one a line, at once where they surely fit.
with_names() {
    names=$1 && shift
    case ${#names} in
        0) ;;
        ?????? | ???????*) printf '%s\n' "$names" | tr '\n' '\0' | xargs -0 "$@" ;;
        *) IFS=$line_end && set -f && "$@" $names && unset IFS && set +f ;;
    esac
}

# counting_lines: of the files on standard input, print the lines that are no comment, numbered.
counting_lines() { awk "$counting"'{ count_lines($0) }'; }
counting='
function count_lines(file, line, n) {
  for (n = 1; (getline line <file) > 0; n++) { if (n == 1) print "@@ " file
    if (line !~ /^[ \t\r]*$/ && line !~ /^[ \t]*([#;]|\/\/)/) print n "\t" line }
  close(file) }
'
