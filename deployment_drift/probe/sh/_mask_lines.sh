# Finds the secrets of a line: the value that follows a telling name, up to its quote or to the end
# of the line, and what follows on further lines: a key, an open quote, a block of YAML.

mask_lines='
function named(low, i, name) { if (low !~ loose) return 0
  for (i = 1; match(substr(low, i), word); i += RSTART + RLENGTH - 1) {
    name = substr(low, i + RSTART - 1, RLENGTH); end = i + RSTART + RLENGTH - 1
    sub(/[^a-z0-9_.-].*/, "", name); if (name ~ names && name !~ plain) return end }
  return 0 }
function value(text, q, n) { q = substr(text, 1, 1)
  if (q != "\"" && q != "'\''") { n = match(text, /[]"'\'' \t;,)}]*$/); return n - 1 }
  for (n = 2; n <= length(text) && substr(text, n, 1) != q; n++) if (substr(text, n, 1) == "\\") n++
  if (n > length(text)) open = q
  return substr(text, n + 1) ~ /^([] \t,;)}>]|$)/ ? n : length(text) }
function line(text, at, n, v) { while (at = named(tolower(text))) {
    show(substr(text, 1, at - 1)); text = substr(text, at); n = value(text); v = substr(text, 1, n)
    if (tolower(v) ~ free) printf "%s", v
    else hide(v)
    if (v ~ /(^[|>]?[-+]?|\\)$/ && text == v) block = indent; text = substr(text, n + 1) }
  show(text) }
function copy(text) { if (match(text, /^[0-9]+\t/)) { printf "%s", substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1) }
  match(text, /^[ \t]*/); indent = RLENGTH; if (indent <= block && text ~ /[^ \t]/) block = -1
  if (text ~ /-----BEGIN [A-Z ]*PRIVATE KEY/) pem = 1
  if (pem || whole || open || block >= 0) hide(text); else line(text)
  if (text ~ /-----END /) pem = ""
  if (open && was && index(text, open)) open = ""
  was = open; print "" }
function anew(file) { whole = file ~ files; open = pem = was = ""; block = -1 }
index($0, frame) == 1 && substr($0, begins) ~ /^(begin|end) / { anew(""); blank = 0; print ""; print; next }
blank { blank = 0; copy("") }
!NF && $0 == "" { blank = 1; next } # it may belong to the frame
/^@@ server / && match($0, /^@@ [^ ]+ [^ ]+ /) { printf "%s", substr($0, 1, RLENGTH); copy(substr($0, RLENGTH + 1)); anew(""); next }
/^@@ / { anew(substr($0, 4)); print; next }
{ copy($0) }
END { if (blank) copy("") }'
