# Keeps secrets on their host: each is replaced by a digest with this comparison's own key, so
# that "differs" can be said and nothing else. What is secret stands in _secrets.sh.

for hashing in sha256sum 'openssl dgst -sha256 -r' 'shasum -a 256' ''; do
    command -v "${hashing%% *}" >/dev/null && break
done

# masked FUNCTION: the sections that this function asks are asked at the end, where all that they print
# goes through one mask.
masked() { withheld="$withheld $1"; }
withheld=
masked_sections() {
    read_files "$dpkg_said"
    { for asking in $withheld; do "$asking"; done; read_files "${changed-}"; } | mask
}

# mask: copy standard input, without its secrets. A line may begin with its number and a tab; a
# line "@@ FILE" says which file the next lines are from.
mask() {
    names=$secret_names plain=$plain_names values=$secret_values free=$plain_values \
        files=$secret_files secret=$secret hashing=$hashing frame=$frame awk "$quoted$mask_words$mask_lines$mask_hash" |
        frame=$frame awk "$mask_digests"
}
mask_words='
function any(list) { gsub(/\n+$/, "", list); gsub(/\n+/, "|", list); return list }
BEGIN { names = any(ENVIRON["names"]); plain = any(ENVIRON["plain"]); values = any(ENVIRON["values"])
  loose = names; gsub(/\^\|/, ".?|", loose); gsub(/[$^]/, "", loose) # one look spares most lines
  free = "^(" any(ENVIRON["free"]) ")$"; files = ENVIRON["files"]; key = ENVIRON["secret"]
  frame = ENVIRON["frame"]; begins = length(frame) + 2; block = -1
  word = "[a-z0-9_.-]+([]\"'\'')]*[ \t]*(=>|[=:>])[ \t]*|[]\"'\'')]*[ \t]+|[\"'\''],[ \t]*)" }
function hide(text) { if (!(text in number)) { number[text] = ++all; found[all] = text }
  printf "<secret %s %d>", frame, number[text] }
function show(text) { while (match(text, values)) {
    printf "%s", substr(text, 1, RSTART - 1); hide(substr(text, RSTART, RLENGTH))
    text = substr(text, RSTART + RLENGTH) }
  printf "%s", text }'
