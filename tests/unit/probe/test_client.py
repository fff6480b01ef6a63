"""The command line is the one that testinfra's own backend runs; a failed client is understood."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.probe.addresses import Address, parse
from deployment_drift.probe.client import (
    SSH_OPTIONS,
    arguments,
    client,
    lost,
    mute,
    resolved,
    unreachable,
)
from deployment_drift.probe.pipe import LostError, Pipe

SHELL = "exec /bin/sh"


def words(address: str) -> list[str]:
    """Return the command line for an address."""
    return arguments(resolved(parse(address)))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("local://", ["/bin/sh"]),
        ("docker://web", ["docker", "exec", "-i", "web", "/bin/sh", "-c", SHELL]),
        ("docker://me@web", ["docker", "exec", "-i", "-u", "me", "web", "/bin/sh", "-c", SHELL]),
        (
            "docker://web?config=/settings&context=far",
            [
                *("docker", "--config", "/settings", "--context", "far"),
                *("exec", "-i", "web", "/bin/sh", "-c", SHELL),
            ],
        ),
        ("docker://é", ["docker", "exec", "-i", "é", "/bin/sh", "-c", SHELL]),
        ("podman://web", ["podman", "exec", "-i", "web", "/bin/sh", "-c", SHELL]),
        ("docker://web?sudo=true", ["docker", "exec", "-i", "web", "/bin/sh", "-c", SHELL]),
        (
            "kubectl://exec?namespace=exec&container=c",
            [
                "kubectl",
                "-n",
                "exec",
                "-c",
                "c",
                "exec",
                "-i",
                "exec",
                "--",
                "/bin/sh",
                "-c",
                SHELL,
            ],
        ),
    ],
)
def test_arguments(address: str, expected: list[str]) -> None:
    """An sh is opened as testinfra would run a command, with its standard input kept open."""
    assert words(address) == expected


def test_ssh() -> None:
    """Before all else ssh is told to ask nothing, to accept no key and to leave nothing behind."""
    command = words("ssh://me@server:2222?ssh_config=/c&ssh_identity_file=/i&timeout=3")
    first = 1 + len(SSH_OPTIONS)
    assert command[:first] == ["ssh", *SSH_OPTIONS]
    given = ["-F", "/c", "-o", "User=me", "-o", "Port=2222", "-i", "/i", "-o", "ConnectTimeout=3"]
    assert command[first:] == [*given, "server", SHELL]
    assert words("ssh://server")[first:] == ["-o", "ConnectTimeout=10", "server", SHELL]
    assert {"BatchMode=yes", "StrictHostKeyChecking=yes", "ControlMaster=no"} < set(command)


def test_ssh_gives_nothing_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither agent, display, forwarding nor our language reaches a host by ssh."""
    off = {"ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes", "PermitLocalCommand=no"}
    assert off < set(words("ssh://server"))
    for name in ("LANG", "LC_ALL", "LC_CTYPE", "AWS_PROFILE"):
        monkeypatch.setenv(name, "x")
    _, given = client(parse("ssh://server"), 5)
    assert given
    assert not {"LANG", "LC_ALL", "LC_CTYPE"} & set(given)
    assert given["AWS_PROFILE"] == "x"
    assert client(parse("local://"), 5)[1] is None


@pytest.mark.skipif(not shutil.which("ssh"), reason="there is no ssh here")
def test_what_the_configuration_of_ssh_gives_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the user's configuration sends to every server does not reach one that is asked."""
    sends = "Host *\nSendEnv API_TOKEN GIT_*\nSetEnv TOKEN=s3cret\nRemoteCommand tmux\n"
    forwards = "ForwardAgent yes\nForwardX11 yes\nTunnel yes\nLocalForward 9 a:9\n"
    (tmp_path / "config").write_text(sends + forwards + "GSSAPIDelegateCredentials yes\n")
    for name in ("API_TOKEN", "GIT_TOKEN", "OTHER"):
        monkeypatch.setenv(name, "x")
    words, given = client(parse(f"ssh://server?ssh_config={tmp_path}/config"), 5)
    assert given
    assert ("API_TOKEN" in given, "GIT_TOKEN" in given, "OTHER" in given) == (False, False, True)
    asked = [words[0], "-G", *words[1:-1]]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)
    used = dict(line.split(" ", 1) for line in said.stdout.splitlines() if " " in line)
    assert used["setenv"] == "_="
    assert used["clearallforwardings"] == "yes"
    for off in ("forwardagent", "forwardx11", "gssapidelegatecredentials", "permitlocalcommand"):
        assert used.get(off, "no") == "no"  # some ssh has no GSSAPI
    assert (used["tunnel"], used.get("remotecommand", "none")) == ("false", "none")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("[::1]:2222", ["-o", "Port=2222", "::1"]), ("[fe80::1]", ["fe80::1"]), ("a:22", ["a"])],
)
def test_ssh_server(name: str, expected: list[str]) -> None:
    """Server and port are told apart, in brackets, too; ssh gets the name without them."""
    command = words(f"ssh://{name}")
    assert [word for word in expected if word in command] == expected
    assert command[-2] == expected[-1]


def test_password() -> None:
    """A password is refused: it would have to stand on a command line."""
    with pytest.raises(DriftError, match="password") as raised:
        arguments(Address("ssh://server", "ssh", "me:s3cret@server", {}))
    assert "s3cret" not in raised.value.what


def test_other_scheme() -> None:
    """A scheme of testinfra's that has no command line is refused."""
    with pytest.raises(DriftError, match="cannot keep a shell open"):
        arguments(Address("lxc://web", "lxc", "web", {}))


Inventory = Callable[[str], str]


@pytest.fixture
def ansible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inventory:
    """`ansible(variables)`: the address of an inventory's only host, which has these variables."""

    def write(variables: str) -> str:
        hosts = f'{{"_meta": {{"hostvars": {{"w1": {variables}}}}}, "all": {{"hosts": ["w1"]}}}}'
        (tmp_path / "hosts.json").write_text(hosts, "utf-8")
        program = tmp_path / "ansible-inventory"
        program.write_text('#!/bin/sh\nexec cat "$3"\n', "utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        return f"ansible://w1?ansible_inventory={tmp_path}/hosts.json"

    return write


def test_ansible(ansible: Inventory) -> None:
    """A host of an inventory is reached as the inventory says."""
    address = ansible('{"ansible_host": "10.1.2.3", "ansible_user": "me", "ansible_port": 2222}')
    command = words(address)
    assert command[: 1 + len(SSH_OPTIONS)] == ["ssh", *SSH_OPTIONS]
    assert {"User=me", "Port=2222"} < set(command)
    assert command[-2:] == ["10.1.2.3", SHELL]


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ('"ansible_host": "a", "ansible_user": "me", "ansible_port": 2222', "me@a:2222"),
        ('"ansible_host": "a"', "a"),
        ('"ansible_host": "::1", "ansible_user": "me"', "me@[::1]"),
        ('"ansible_user": "me", "ansible_ssh_pass": "pw"', "me:pw@w1"),
    ],
)
def test_ansible_names(ansible: Inventory, variables: str, name: str) -> None:
    """A host of an inventory has the name that its address would have."""
    assert resolved(parse(ansible(f"{{{variables}}}"))).name == name


def test_a_password_of_an_inventory_is_refused(ansible: Inventory) -> None:
    """No password is given to ssh, and the error does not show the one that an inventory has."""
    with pytest.raises(DriftError) as raised:
        words(ansible('{"ansible_user": "me", "ansible_ssh_pass": "s3cret"}'))
    assert raised.value.what == "ssh://w1: a password would show in every process list"
    assert raised.value.hint == "use a key: ssh-copy-id SERVER"


def test_ansible_arguments(ansible: Inventory) -> None:
    """What an inventory gives ssh besides stands before all else."""
    command = words(ansible('{"ansible_ssh_extra_args": "-o \\"ProxyJump=a b\\""}'))
    at = 1 + len(SSH_OPTIONS)
    assert command[at : at + 2] == ["-o", "ProxyJump=a b"]


def test_ansible_become(ansible: Inventory) -> None:
    """`ansible_become` means that each command runs under sudo."""
    address = ansible('{"ansible_become": true, "ansible_connection": "docker"}')
    found = resolved(parse(address))
    assert (found.scheme, found.name, found.options["sudo"]) == ("docker", "w1", "True")
    assert "sudo_user" not in found.options


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ('"ansible_connection": "docker", "ansible_user": "me"', ["-u", "me", "w1"]),
        ('"ansible_connection": "docker"', ["w1"]),
    ],
)
def test_ansible_in_containers(ansible: Inventory, variables: str, expected: list[str]) -> None:
    """In a container of an inventory its user is asked, too."""
    assert words(ansible(f"{{{variables}}}"))[3:-3] == expected


def test_ansible_here(ansible: Inventory) -> None:
    """The machine that an inventory calls its own has no name."""
    assert words(ansible('{"ansible_connection": "local"}')) == ["/bin/sh"]


def test_ansible_other_connection(ansible: Inventory) -> None:
    """A connection that only Ansible can make is refused."""
    with pytest.raises(DriftError, match="testinfra cannot make this connection itself"):
        words(ansible('{"ansible_connection": "winrm"}'))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"ssh: Could not resolve hostname nope: Name or service not known", "unresolved"),
        (b"ssh: connect to host h port 1: Connection refused\r\n", "refused"),
        (b"No ED25519 host key is known for h\nHost key verification failed.\n", "host-key"),
        (b"banner\nme@h: Permission denied (publickey,password).", "denied"),
        (b"Connection timed out during banner exchange\nConnection to h timed out", "timeout"),
        (b"ssh: connect to host h port 22: No route to host", "timeout"),
        (b"Error response from daemon: No such container: web", "absent"),
        (b'Error: no container with name or ID "web" found: no such container', "absent"),
        (b'Error from server (NotFound): pods "web" not found', "absent"),
        (b"Error response from daemon: container 12 is not running", "stopped"),
        (b'exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown', "no-shell"),
        (b"something else", "ended"),
        (b"", "ended"),
    ],
)
def test_reason(said: bytes, reason: str) -> None:
    """What a client says as it fails is quoted, has a word, and says what to do about it."""
    for error in (LostError("ended", b"", said), LostError("ended", said, b"")):
        result = unreachable("ssh://h", error, 10)
        assert result.reason == reason
        assert result.what.startswith("ssh://h cannot be reached: ")
        assert result.hint
        assert result.detail.splitlines() == [line.strip() for line in said.decode().splitlines()]


@pytest.mark.parametrize("said", [b"Error: no such container", b""])
@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("docker://web", "try: docker ps --all"),
        ("podman://web", "try: podman ps --all"),
        ("kubectl://web", "try: kubectl get pods"),
        ("local://", ""),
    ],
)
def test_what_to_type_next(address: str, hint: str, said: bytes) -> None:
    """It is what asks by the same client."""
    assert unreachable(address, LostError("ended", err=said), 10).hint == hint


def test_silent_end() -> None:
    """Of a client that ends without a word, its status is told."""
    with pytest.raises(LostError) as error:
        Pipe(["/bin/sh", "-c", "exit 7"], 10)
    result = unreachable("docker://web", error.value, 10)
    assert result.what.endswith(": its client ended with exit status 7 and said nothing")
    assert "with" not in unreachable("docker://web", LostError("ended"), 10).what


def test_no_client() -> None:
    """A client program that is not installed is named."""
    result = unreachable("podman://web", FileNotFoundError(2, "No such file", "podman"), 10)
    assert (result.reason, result.hint) == ("client", "install podman, or look at your PATH")
    unnamed = unreachable("podman://web", OSError(12, "Cannot allocate memory"), 10)
    assert unnamed.what.endswith(" cannot be reached: its client: Cannot allocate memory")


def test_silence() -> None:
    """Silence says how long it was waited for."""
    result = unreachable("ssh://h", LostError("timeout"), 2.5)
    assert result.what == "ssh://h cannot be reached: no answer within 2.5 s"
    assert result.hint.endswith("wait longer: ?timeout=60")
    for said in (b"", b"ssh: connect to host h port 22: Connection timed out"):
        ours = unreachable("ssh://h", LostError("timeout", err=said), 60)
        assert "?timeout" not in ours.hint
        assert "the same again" in ours.hint


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"hm\nsudo: a password is required\n", "sudo: a password is required"),
        (b"", "its shell"),
        (b"/bin/sh: 2515: eval: sudo: not found\n", "there is no sudo there"),
        (b"/bin/sh: line 12: sudo: command not found\n", "there is no sudo there"),
        (b"sh: eval: line 12: sudo: not found\n", "there is no sudo there"),
        (b"sh: sudo: not found\n", "there is no sudo there"),
    ],
)
def test_mute(said: bytes, why: str) -> None:
    """A program that printed nothing could not be asked, for the reason that was told last."""
    error = mute("docker://web", said)
    assert error.reason == "mute"
    assert error.what.startswith(f"docker://web could not be asked: {why}")
    assert error.detail == said.decode().strip()


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("timeout", "docker://web was lost: no answer to `php -v` within 10 s"),
        ("ended", "docker://web was lost: its shell ended during `php -v`"),
        ("closed", "docker://web was closed"),
    ],
)
def test_lost(reason: str, what: str) -> None:
    """A shell that is lost says during which command."""
    error = lost("docker://web", "php \n -v", 10, LostError(reason, b"", b"words\n"))
    assert (error.reason, error.what, error.detail) == (reason, what, "words")


def test_long_command_is_shortened() -> None:
    """A long command does not flood the message."""
    error = lost("docker://web", "php " * 10_000, 10, LostError("timeout"))
    assert len(error.what) < 150
    assert "…` within" in error.what
