"""The kept shell on real hosts: containers, and an ssh server in one of them."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import docker
import psutil
import pytest
from docker.models.containers import Container

from deployment_drift.engine.engines import Engine
from deployment_drift.probe.client import UnreachableError
from deployment_drift.probe.shell import connect, connected
from tests.demo.ssh_server import LABELS, Server

CODENAME = ". /etc/os-release; echo $VERSION_CODENAME"


@pytest.fixture(autouse=True)
def _client(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the docker program talk to the engine of these tests."""
    monkeypatch.setenv("DOCKER_HOST", engine.url)


@pytest.fixture
def container(docker_client: docker.DockerClient, trixie: str) -> Iterator[Container]:
    """Give a running container."""
    container = docker_client.containers.run(
        trixie, ["sleep", "1000"], detach=True, init=False, labels=LABELS
    )
    yield container
    container.remove(force=True)


def address(container: Container) -> str:
    """Return a container's address."""
    return f"docker://{container.id}"


def processes(container: Container) -> list[str]:
    """Return what runs in a container, the dead that nobody has reaped included."""
    return [row[-1] for row in container.top()["Processes"]]


def settled(container: Container) -> list[str]:
    """Return what runs in a container once it is alone again, at the latest in three seconds."""
    for _ in range(60):
        if len(processes(container)) == 1:
            break
        time.sleep(0.05)
    return processes(container)


def test_docker(container: Container) -> None:
    """A container is asked through one shell, exactly, and nothing is left in it or changed."""
    with connected(address(container)) as host:
        assert host.check_output(CODENAME) == "trixie"
        assert host.run("printf '\\377'; echo e >&2; exit 3").stdout_bytes == b"\xff"
        assert len(host.run("head -c 104857600 /dev/zero").stdout_bytes) == 100 * 2**20
        assert host.run("kill -9 $$").rc == 137
    assert settled(container) == ["sleep 1000"]
    assert not container.diff()


def test_docker_time_out(container: Container) -> None:
    """A command that takes too long is ended in the container, too."""
    with connected(address(container), timeout=1) as host:
        with pytest.raises(UnreachableError, match="no answer to `sleep 500") as raised:
            host.run("sleep 500 & sleep 501")
        assert raised.value.reason == "timeout"
        assert settled(container) == ["sleep 1000"]


@pytest.mark.parametrize("end", ["kill", "stop", "restart"])
def test_container_ends(container: Container, end: str) -> None:
    """A container that ends while it is asked is unknown at once, and stays so."""
    with connected(address(container)) as host:
        act: Callable[[], None] = {
            "kill": container.kill,
            "stop": lambda: container.stop(timeout=0),
            "restart": lambda: container.restart(timeout=0),
        }[end]
        thread = threading.Timer(0.3, act)
        thread.start()
        begin = time.monotonic()
        with pytest.raises(UnreachableError, match="its shell ended during `sleep 500`"):
            host.run("sleep 500")
        assert time.monotonic() - begin < 5
        thread.join()
        with pytest.raises(UnreachableError):
            host.run("true")


def test_container_that_is_not_there(container: Container) -> None:
    """No container, one that does not run and one that stands still have each their word."""
    with pytest.raises(UnreachableError, match="No such container") as raised:
        connect("docker://drift-no-such-container")
    assert raised.value.reason == "absent"
    container.pause()
    with pytest.raises(UnreachableError) as raised:
        connect(address(container), timeout=2)
    assert raised.value.reason in {"stopped", "timeout"}
    container.unpause()
    container.stop(timeout=0)
    with pytest.raises(UnreachableError, match="is not running") as raised:
        connect(address(container))
    assert raised.value.reason == "stopped"


def test_ssh(server: Server) -> None:
    """50 commands go over one connection, whatever the server prints at a login."""
    before = server.logins()
    with connected(server.address()) as host:
        answers = [host.run(f"echo {n}; echo e >&2; exit {n}") for n in range(50)]
        assert host.check_output(CODENAME) == "trixie"
    assert [(a.rc, a.stdout, a.stderr) for a in answers] == [
        (n, f"{n}\n", "e\n") for n in range(50)
    ]
    assert server.logins() - before == 1


def test_ssh_leaves_nothing(server: Server) -> None:
    """A command that takes too long is ended on the server, and its client here."""
    with connected(server.address(timeout="1")) as host:
        with pytest.raises(UnreachableError, match="no answer to `sleep 500`"):
            host.run("sleep 500")
        assert len(settled(server.container)) == 1
    listed = [each.info["cmdline"] or [] for each in psutil.process_iter(["cmdline"])]
    assert not [words for words in listed if f"Port={server.port}" in " ".join(words)]


def test_wrong_key(server: Server) -> None:
    """A wrong key is refused; no password is asked for."""
    config = (server.folder / "config").read_text("utf-8").replace("/id\n", "/wrong\n")
    (server.folder / "wrong.config").write_text(config, "utf-8")
    with pytest.raises(UnreachableError, match="Permission denied") as raised:
        connect(server.address(ssh_config=str(server.folder / "wrong.config")))
    assert raised.value.reason == "denied"


@pytest.mark.parametrize("asked", ["", "StrictHostKeyChecking no\n"])
@pytest.mark.parametrize("known", ["unknown", "changed"])
def test_unknown_host_key(server: Server, known: str, asked: str) -> None:
    """A host key that is unknown or has changed is refused and never noted as known."""
    path = server.folder / known
    other = (server.folder / "wrong.pub").read_text("utf-8")
    path.write_text(f"[127.0.0.1]:{server.port} {other}" if known == "changed" else "", "utf-8")
    before = path.read_bytes()
    config = (server.folder / "config").read_text("utf-8").replace("/known\n", f"/{known}\n")
    (server.folder / "other.config").write_text(asked + config, "utf-8")
    with pytest.raises(UnreachableError, match="Host key verification failed") as raised:
        connect(server.address(ssh_config=str(server.folder / "other.config")))
    assert raised.value.reason == "host-key"
    assert path.read_bytes() == before


def test_refused_port() -> None:
    """A port on which nothing listens is refused at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        begin = time.monotonic()
        with pytest.raises(UnreachableError, match="Connection refused") as raised:
            connect(f"ssh://127.0.0.1:{port}")
    assert raised.value.reason == "refused"
    assert time.monotonic() - begin < 2


def test_silent_port() -> None:
    """A port that accepts and never answers is given up when the time is over."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begin = time.monotonic()
        with pytest.raises(UnreachableError, match="cannot be reached") as raised:
            connect(f"ssh://127.0.0.1:{silent.getsockname()[1]}", timeout=1)
    assert raised.value.reason == "timeout"
    assert time.monotonic() - begin < 3


def test_name_that_does_not_resolve() -> None:
    """A name that nobody knows is said to be the reason."""
    with pytest.raises(UnreachableError, match="Could not resolve hostname") as raised:
        connect("ssh://no-such-host.invalid")
    assert raised.value.reason == "unresolved"


def test_ssh_server_that_ends(server: Server) -> None:
    """A connection that breaks while a command runs is unknown at once."""
    with connected(server.address()) as host:
        shell = "$(ps -o pgid= -p $PPID)"  # the first one, started by the server for us
        session = host.check_output(f"echo $(ps -o ppid= -p {shell})")
        begin = time.monotonic()
        with pytest.raises(UnreachableError, match="its shell ended"):
            host.run("(sleep 0.3; kill -9 %s) & sleep 500", session)
        assert time.monotonic() - begin < 5
