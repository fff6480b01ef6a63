# Takes an archive where no registry, no index and no mirror answers; $1 is the archive's file.
set -u
ip link set lo up
archive=$(readlink -f "$1")
for index in $(pip config list 2>/dev/null | grep -o "file://[^' ]*"); do
    mount -t tmpfs none "$(dirname "${index#file://}")"
done
tar -xf "$archive"
cd deployment-drift
say() {
    echo "== $1"
    shift
    "$@"
    echo "status $?"
}
say unpack ./invoke unpack "$archive"
say prepare ./invoke prepare --minutes 10
say doctor ./invoke doctor
say exercise ./invoke exercise upload
echo '; changed' >>container/php.ini
say changed ./invoke doctor
say build ./invoke demo-container
say clean ./invoke clean --all
