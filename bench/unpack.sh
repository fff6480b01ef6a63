# Seconds from an archive to the end of the first scene on a machine that has nothing, and reaches
# nothing: unshare --net --mount sh bench/unpack.sh FILE
set -eu
archive=$(readlink -f "$1")
place=$(mktemp -d)
export HOME="$place" XDG_STATE_HOME="$place/state"
ip link set lo up
unset DOCKER_HOST DOCKER_CONTEXT
begin=$(date +%s)
lap() {
    echo "$1 after $(($(date +%s) - begin)) s"
}
tar -C "$place" -xf "$archive"
cd "$place/deployment-drift"
lap unpacked
./invoke unpack "$archive"
lap taken
./invoke demo-drift >"$place/scene"
lap shown
tail -n 1 "$place/scene"
./invoke engine-stop
cd /
rm -rf "$place"
