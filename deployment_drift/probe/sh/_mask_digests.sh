# Hashes all secrets that the mask has found: one process for a few of them, since one for each would
# take longer than all the rest. What is hashed goes through pipes, which nobody else sees.

mask_hash='
# seven FIRST: a line of sh that hashes up to seven of them, which it reads as 3 to 9.
function seven(first, i, starts, ends, files) {
  for (i = first; i <= all && i < first + 7; i++) {
    starts = starts "printf %s " quoted(key found[i] key) " | { "; ends = " } " (i - first + 3) "<&0;" ends
    files = files " /proc/self/fd/" (i - first + 3) }
  return "echo " frame "; " starts ENVIRON["hashing"] files ";" ends }
END { print frame " digests"; fflush()
  for (i = 1; i <= all && ENVIRON["hashing"]; i += 7) print seven(i) | "/bin/sh" }'

# What is printed waits for its digests.
mask_digests='
BEGIN { frame = ENVIRON["frame"]; mark = "<secret " frame " "; digests = 0 }
$0 == frame " digests" { digests = 1; next }
!digests { text[++all] = $0; next }
$0 == frame { first += 7; next }
{ digest[first - 9 + substr($2, length($2))] = " " substr($1, 1, 12) }
function told(line, at, n, said) { while (at = index(line, mark)) {
    n = substr(line, at + length(mark)) + 0; said = said substr(line, 1, at - 1) "<secret" digest[n] ">"
    line = substr(line, at + length(mark) + length(n) + 1) }
  return said line }
END { for (i = 1; i <= all; i++) print told(text[i]) }'
