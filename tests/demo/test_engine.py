import io
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest

from deployment_drift import paths
from deployment_drift.engine import bridge, daemon, leftovers, ownership, private
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import EngineError

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="a private engine needs Linux and root",
)
START = "from deployment_drift.engine import private; print(private.start(lambda line: None))"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of a private engine of this test alone; afterwards nothing is left of it."""
    private.install(print)
    home = tempfile.mkdtemp(prefix="drift-")
    monkeypatch.setenv("XDG_STATE_HOME", home)
    yield private.folder()
    private.remove()
    shutil.rmtree(home)


def quiet(_line: str) -> None:
    """Swallow what is announced."""


def python(code: str) -> subprocess.Popen[str]:
    """Start another command of the project."""
    environment = {**os.environ, "PYTHONPATH": str(paths.root())}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
    )


def sleep_image(client: docker.DockerClient) -> str:
    """Import an image that holds the machine's own `sleep` and nothing else."""
    program = shutil.which("sleep") or ""
    needed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", dereference=True) as tar:
        tar.add(program, "bin/sleep")
        for library in re.findall(r"(/\S+) \(0x", needed):
            tar.add(library, library)
    client.api.import_image_from_data(buffer.getvalue(), "foreign", "sleep")
    return "foreign:sleep"


def left_of(folder: Path) -> list[object]:
    """Return the processes, mounts, bridge and firewall rules of the engine in a folder."""
    rules = subprocess.run(["iptables-save"], capture_output=True, text=True, check=False).stdout
    name = bridge.name(folder)
    return [
        *daemon.processes(folder).values(),
        *daemon.mounts(folder),
        *Path("/sys/class/net").glob(name),
        *(rule for rule in rules.splitlines() if name in rule),
    ]


@needs_root
def test_started_once_and_stopped_without_a_trace(elsewhere: Path) -> None:
    """A second start finds the first's engine; after the stop nothing of it is left."""
    assert private.running() is None
    url = private.start(quiet)
    assert (private.running(), private.start(quiet)) == (url, url)
    assert private.stop()
    assert left_of(elsewhere) == []
    assert not private.stop()


@needs_root
def test_packets_are_forwarded_as_before(elsewhere: Path) -> None:
    """On a machine without another engine, forwarding, policy and rules are as they were."""
    alone = "mount -t tmpfs none /run && ip link set lo up && exec"
    words = ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c"]
    program = [sys.executable, str(Path(__file__).with_name("engine_alone.py"))]
    ended = subprocess.run(
        [*words, f'{alone} "$@"', "sh", *program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(paths.root())},
    )
    assert json.loads(ended.stdout) == {"changed": True, "put_back": True}
    assert left_of(elsewhere) == []


@needs_root
def test_bridge_keeps_its_address(elsewhere: Path) -> None:
    """The bridge's hardware address is set, not lent by whichever container is there."""
    private.start(quiet)
    kind = Path("/sys/class/net", bridge.name(elsewhere), "addr_assign_type")
    assert kind.read_text().strip() == "3"  # NET_ADDR_SET in linux/netdevice.h


def ranges(interface: str) -> list[str]:
    """Return an interface's ranges of addresses, `172.17.0.1/16`."""
    words = ["ip", "-j", "-4", "address", "show", "dev", interface]
    listed = subprocess.run(words, capture_output=True, check=True).stdout
    return [f"{each['local']}/{each['prefixlen']}" for each in json.loads(listed)[0]["addr_info"]]


@needs_root
def test_range_of_the_last_run_is_anothers_now(elsewhere: Path) -> None:
    """Where another engine has the last run's range, each packet would go to only one of them."""
    private.start(quiet)
    (before,) = ranges(bridge.name(elsewhere))
    private.stop()
    subprocess.run(["ip", "link", "add", "drift-other", "type", "bridge"], check=True)
    try:
        subprocess.run(["ip", "link", "set", "drift-other", "up"], check=True)
        subprocess.run(["ip", "address", "add", before, "dev", "drift-other"], check=True)
        private.start(quiet)
        assert before not in ranges(bridge.name(elsewhere))
    finally:
        subprocess.run(["ip", "link", "delete", "drift-other"], check=True)


@needs_root
def test_two_starts_at_the_same_moment(elsewhere: Path) -> None:
    """Two commands that start at the same moment end up with one engine."""
    with python(START) as first, python(START) as second:
        urls = {process.communicate(timeout=60)[0] for process in (first, second)}
    assert urls == {f"unix://{elsewhere}/docker.sock\n"}
    daemons = [words for words in daemon.processes(elsewhere).values() if words[0] == "dockerd"]
    assert len(daemons) == 1


@needs_root
def test_killed_engine_is_started_again(elsewhere: Path) -> None:
    """A pid file that a killed engine left is not believed: a stranger may have its number."""
    private.start(quiet)
    kill(elsewhere)
    assert private.running() is None
    with subprocess.Popen(["sleep", "100"]) as stranger:
        (elsewhere / "docker.pid").write_text(str(stranger.pid))
        private.start(quiet)
        private.stop()
        assert stranger.poll() is None
        stranger.kill()
    assert left_of(elsewhere) == []


@needs_root
def test_killed_engine_is_stopped_with_its_containers(elsewhere: Path) -> None:
    """`engine-stop` after `kill -9` also ends the containers that went on without the engine."""
    with closing(docker.DockerClient(private.start(quiet))) as client:
        container = client.containers.run(sleep_image(client), ["/bin/sleep", "100"], detach=True)
        container.reload()
        sleeper = container.attrs["State"]["Pid"]
        kill(elsewhere)
    assert private.stop()
    assert left_of(elsewhere) == []
    assert not Path(f"/proc/{sleeper}/exe").exists()


def kill(folder: Path) -> None:
    """Kill the engine's daemon, and wait until it has closed its sockets, too."""
    found = daemon.pid(folder)
    assert found
    # its words go first: who connects then may leave a socket that the garbage collector finds
    with os.fdopen(os.pidfd_open(found)) as ended:
        os.kill(found, signal.SIGKILL)
        assert select.select([ended], [], [], 10)[0]


@needs_root
def test_busy_engine_is_not_ended(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is there but does not answer is an error, and goes on with what it does."""
    url = private.start(quiet)
    found = daemon.pid(elsewhere)
    assert found
    monkeypatch.setattr(private, "START_LIMIT", 0.1)
    monkeypatch.setattr(private, "ANSWER_LIMIT", 0.1)
    os.kill(found, signal.SIGSTOP)
    try:
        with pytest.raises(EngineError, match="did not answer") as error:
            private.start(quiet)
    finally:
        os.kill(found, signal.SIGCONT)
    assert error.value.hint == "./invoke engine-stop"
    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(elsewhere.parent.parent))
    assert private.start(quiet) == url


@needs_root
def test_engine_that_does_not_come_up_shows_its_log(elsewhere: Path) -> None:
    """An engine that ends at its start is an error with its last lines, and leaves nothing."""
    elsewhere.mkdir(parents=True)
    (elsewhere / "data").write_text("not a folder")
    with pytest.raises(EngineError, match="did not come up") as error:
        private.start(quiet)
    assert "points to a file" in error.value.detail
    assert left_of(elsewhere) == []


@needs_root
def test_stranger_things_stay(elsewhere: Path) -> None:
    """`clean --all` of a shared engine leaves containers, networks and images that are not ours."""
    assert elsewhere
    with closing(docker.DockerClient(private.start(quiet))) as client:
        image = sleep_image(client)
        client.images.get(image).tag("deployment-drift-not/ours", "1")
        client.networks.create("foreign", labels={"made.by": "somebody"})
        client.containers.run(image, ["/bin/sleep", "100"], name="foreign", detach=True)
        mine = {ownership.LABEL: "f00", ownership.OWNER: ownership.owner()}
        client.networks.create("mine", labels=mine)
        client.volumes.create("mine", labels=mine)
        client.containers.run(image, ["/bin/sleep", "100"], labels=mine, detach=True)
        shared = Engine(private.running() or "", "default", api="1.41")
        removed = leftovers.clean(shared, everything=False)
        assert (removed.containers, removed.networks, removed.volumes) == (1, 1, 1)
        assert [container.name for container in client.containers.list()] == ["foreign"]
        assert "foreign" in [network.name for network in client.networks.list()]
        assert sorted(client.images.get(image).tags) == ["deployment-drift-not/ours:1", image]
