"""The engine of another machine at a socket of this one."""

import socket
from pathlib import Path

import pytest

from deployment_drift.engine import tunnel


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ssh://far", ["--", "far"]),
        ("ssh://me@far:2222", ["-l", "me", "-p", "2222", "--", "far"]),
        ("ssh://-oProxyCommand=x", ["--", "-oproxycommand=x"]),
    ],
)
def test_ssh_is_told_who_and_where(url: str, words: list[str]) -> None:
    """User and port are options; whatever stands for the machine is never one."""
    asked = list(tunnel.command(url))
    assert asked[-len(words) - 3 :] == [*words, "docker", "system", "dial-stdio"]


def test_the_socket_speaks_to_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent to the socket reaches ssh, and what that says comes back, to its end."""
    program = tmp_path / "ssh"
    program.write_text("#!/bin/sh\nread line\necho you said $line\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    address = tunnel.socket("ssh://nowhere.example")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(address.removeprefix("unix://"))
        client.sendall(b"hello\n")
        assert client.makefile().read() == "you said hello\n"
    assert tunnel.socket("ssh://nowhere.example") == address
