# Files that include others, as those of PostgreSQL and Redis do: which line counts depends on where that stands.

# with_included FILE…: print the lines that are no comment, numbered, each included file where it is named;
# 43 where this user may not read one of them.
with_included() {
    IFS=$line_end && files="$*" && unset IFS
    files=$files awk "$quoted$included"'BEGIN { n = split(ENVIRON["files"], first, "\n")
        for (i = 1; i <= n; i++) look(first[i], 0)
        exit refused ? 43 : 0 }'
}
included='
function can(test, path) { return system("[ " test " " quoted(path) " ]") == 0 }
function folder(path) { sub(/[^\/]*$/, "", path); return path }
function unread(file) { if (can("-e", file) || !can("-x", folder(file))) refused = 1 }
function look(file, depth, line, n, state, shown) {
  for (n = 1; (state = (getline line <file)) > 0; n++) {
    if (line ~ /^[ \t\r]*(#|$)/) continue
    if (!shown++) print "@@ " file
    print n "\t" line
    if (depth < 9 && line ~ /^[ \t]*include/) { follow(line, file, depth + 1); shown = 0 } }
  if (state < 0) unread(file)
  close(file) }
function follow(line, file, depth, kind, each, command, list, all, i) {
  sub(/^[ \t]*/, "", line); kind = line; sub(/[ \t=].*/, "", kind); sub(/^[a-z_]+[ \t=]*/, "", line)
  if (line ~ /^["\047]/) { line = substr(line, 2); sub(/["\047].*/, "", line) } else sub(/[ \t\r].*/, "", line)
  if (line !~ /^\//) line = folder(file) line
  if (kind == "include_dir") { if (!can("-r", line)) refused = 1; command = "ls -d " quoted(line) "/*.conf 2>/dev/null" }
  else if (line !~ /[*?]/) { look(line, depth); return }
  else command = line ~ /^[A-Za-z0-9_.\/*?-]+$/ ? "ls -d " line " 2>/dev/null" : "false"
  while ((command | getline each) > 0) list[++all] = each
  close(command)
  for (i = 1; i <= all; i++) look(list[i], depth) }
'
