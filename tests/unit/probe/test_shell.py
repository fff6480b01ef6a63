"""testinfra on one kept shell: the same answers, and an error where there is none."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from testinfra.backend import get_backend
from testinfra.host import Host

from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe.client import UnreachableError
from deployment_drift.probe.shell import ShellBackend, connect, connected
from tests import installed

Server = Any  # testinfra's host has no static attributes


@pytest.fixture
def host() -> Iterator[Server]:
    """Give this machine, asked through one shell."""
    with connected("local://") as host:
        yield host


@pytest.fixture(scope="module")
def plain() -> Server:
    """Give this machine, asked by testinfra's own backend."""
    backend = get_backend("local://")
    host = Host(backend)
    backend.set_host(host)
    return host


Program = Callable[[str, str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """`program(name, script)`: put a stand-in for a client program on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def write(name: str, script: str) -> None:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)

    return write


QUESTIONS: dict[str, Callable[[Server], object]] = {
    "file": lambda h: [h.file("/etc/passwd").content, h.file("/etc").is_directory],
    "file mode": lambda h: [h.file("/etc/shadow").mode, h.file("/bin/sh").linked_to],
    "missing file": lambda h: [h.file("/no/such").exists, h.file("/no/such").is_symlink],
    "package": lambda h: [h.package("dpkg").version, h.package("no-such").is_installed],
    "user": lambda h: [h.user("root").uid, h.user("root").groups, h.user("nobody-x").exists],
    "process": lambda h: h.process.filter(pid=1)[0].comm,
    "system": lambda h: [h.system_info.distribution, h.system_info.arch, h.system_info.release],
    "service": lambda h: [h.service("no-such-service").is_running],
    "command": lambda h: [h.exists("sh"), h.exists("no-such"), h.find_command("ls")],
    "environment": lambda h: h.environment()["PATH"],
    "mounts": lambda h: h.mount_point("/").filesystem,
    "group": lambda h: h.group("root").gid,
    "run": lambda h: [(r.rc, r.stdout, r.stderr, r.command) for r in [h.run("ls %s", "/é x")]],
    "expected": lambda h: [h.run_test("false").rc, h.check_output("echo %s", "a 'b'")],
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_same_answers(host: Server, plain: Server, question: Callable[[Server], object]) -> None:
    """The modules of testinfra give the same answers as on its own backend."""
    if question is QUESTIONS["process"]:
        installed.need("ps", "procps")
    assert question(host) == question(plain)


def test_bytes(host: Server) -> None:
    """Bytes are exact; as text those that are no UTF-8 stay visible, and nothing raises."""
    result = host.run(r"printf '\377\0日'")
    assert result.stdout_bytes == b"\xff\0" + "日".encode()
    assert result.stdout == "\\xff\0日"


def test_sudo(program: Program, host: Server) -> None:
    """`sudo` goes before each command, as in testinfra."""
    program("sudo", 'printf "[%s]" "$@"')
    with connected("local://?sudo=true&sudo_user=me") as other:
        assert other.run("id").stdout == "[-u][me][/bin/sh][-c][id]"
    with host.sudo("you"):
        assert host.run("id").stdout == "[-u][you][/bin/sh][-c][id]"
    assert host.run("echo no sudo").stdout == "no sudo\n"


def test_sudo_of_a_program(program: Program) -> None:
    """A program runs whole under `sudo`, and nobody reads it in a list of processes."""
    program("sudo", 'echo "$@"; exec "$3" "$4" "$5"')
    with connected("local://?sudo=true&sudo_user=me") as host:
        backend = cast("ShellBackend", host.backend)
        said = backend.run_program("echo one\necho 'two 2'\n", "everything", 5)
    assert said.decode() == '-u me /bin/sh -c eval "$(cat)"\none\ntwo 2\n'


def test_threads(host: Server) -> None:
    """50 threads that ask one host get each its own answer."""
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda n: host.run(f"echo {n}; exit {n}"), range(200)))
    assert [(answer.rc, answer.stdout) for answer in answers] == [(n, f"{n}\n") for n in range(200)]


def test_one_process(program: Program, tmp_path: Path) -> None:
    """One client is started for all commands."""
    program("docker", 'echo "$@" >>"$(dirname "$0")/log"; shift 3; exec "$@"')
    with connected("docker://web") as host:
        assert [host.run(f"echo {n}").stdout for n in range(20)] == [f"{n}\n" for n in range(20)]
    assert (tmp_path / "log").read_text("utf-8") == "exec -i web /bin/sh -c exec /bin/sh\n"


@pytest.mark.parametrize("scheme", ["docker", "podman", "kubectl", "ssh"])
def test_client_fails(program: Program, scheme: str) -> None:
    """A client that fails makes the host unknown at once, and for good, in its own words."""
    program(scheme, "echo 'no way there' >&2; exit 255")
    begin = time.monotonic()
    with pytest.raises(UnknownError, match=f"{scheme}://web cannot be reached: no way there"):
        connect(f"{scheme}://web")
    assert time.monotonic() - begin < 1


def test_no_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A client that is not installed makes the host unknown."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreachableError, match="podman://web cannot be reached: podman") as raised:
        connect("podman://web")
    assert raised.value.reason == "client"


def test_silent_client(program: Program) -> None:
    """A client that says nothing is given up when the address's time is over."""
    program("ssh", "exec sleep 100")
    begin = time.monotonic()
    with pytest.raises(UnreachableError, match=r"no answer within 0\.3 s") as raised:
        connect("ssh://web?timeout=0.3")
    assert raised.value.reason == "timeout"
    assert time.monotonic() - begin < 1


def test_time_limit(host: Server) -> None:
    """After a time-out every question is unknown at once: no answer is taken from a lost shell."""
    with pytest.raises(UnreachableError, match=r"no answer to `sleep 100` within 0\.2 s"):
        host.run("sleep 100", timeout=0.2)
    begin = time.monotonic()
    for question in ("file", "missing file", "package", "user"):
        with pytest.raises(UnreachableError, match="no answer to `sleep 100`"):
            QUESTIONS[question](host)
    assert time.monotonic() - begin < 0.1


def test_longer_limit() -> None:
    """One command may have more time than the others."""
    with connected("local://", timeout=0.3) as host:
        assert host.run("sleep 0.5", timeout=5).rc == 0


def test_close_while_asked(host: Server) -> None:
    """Closing wakes who is waiting for an answer, and nobody is answered after that."""
    threading.Timer(0.2, host.backend.close).start()
    begin = time.monotonic()
    with pytest.raises(UnknownError, match=r"local:// was lost: its shell ended"):
        host.run("sleep 100")
    assert time.monotonic() - begin < 1
    host.backend.close()
    with pytest.raises(UnknownError):
        host.run("true")


def test_closed(host: Server) -> None:
    """A closed host says that it was closed."""
    host.backend.close()
    with pytest.raises(UnreachableError, match="local:// was closed") as raised:
        host.run("true")
    assert raised.value.reason == "closed"


def test_wrong_address() -> None:
    """A wrong address is the user's error, not an unknown host."""
    with pytest.raises(DriftError, match="unknown scheme") as raised:
        connect("dokcer://web")
    assert not isinstance(raised.value, UnknownError)


def test_inventory(program: Program, tmp_path: Path) -> None:
    """A host of an inventory is asked as the inventory says; a group is no host."""
    hosts = '{"w1": {"ansible_connection": "docker"}, "w2": {}}'
    groups = f'{{"_meta": {{"hostvars": {hosts}}}, "all": {{"hosts": ["w1", "w2"]}}}}'
    program("ansible-inventory", f"echo '{groups}'")
    program("docker", '[ "$3" = w1 ] && shift 3 && exec "$@"')
    query = f"?ansible_inventory={tmp_path}/any"
    with connected(f"ansible://w1{query}") as host:
        assert host.run("echo ok").stdout == "ok\n"
    with pytest.raises(DriftError, match="stands for 2 hosts") as raised:
        connect(f"ansible://{query}")
    assert raised.value.hint == f"type ansible://w1{query}"
