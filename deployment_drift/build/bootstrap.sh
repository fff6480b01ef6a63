#!/bin/sh
# Runs mmdebstrap with the given arguments, in TMPDIR, such that nothing stays behind.
set -eu

# root: a mount and process namespace of its own ends with this process, however that ends
if [ "$(id -u)" = 0 ] && [ -z "${DRIFT_UNSHARED:-}" ]; then
    export DRIFT_UNSHARED=1
    exec unshare --mount --propagation private --pid --fork --kill-child sh "$0" "$@"
fi

# in memory where there is plenty of it (KiB): twice as fast on slow disks
available=$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo)
if [ "$(id -u)" = 0 ] && [ "${available:-0}" -gt 3000000 ]; then
    mount -t tmpfs -o size=1g,mode=755 tmpfs "$TMPDIR"
fi

exec mmdebstrap "$@"
