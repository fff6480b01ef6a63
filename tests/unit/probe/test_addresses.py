"""Addresses are read strictly: what testinfra would drop or guess is an error."""

import json
from pathlib import Path

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.probe.addresses import expand, parse

INVENTORY = {
    "_meta": {"hostvars": {}},
    "all": {"children": ["web", "db"], "hosts": ["bastion"]},
    "web": {"hosts": ["w1", "w2"]},
    "db": {"hosts": ["db"]},
}


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an inventory of four hosts, read by a stand-in for Ansible's program."""
    path = tmp_path / "hosts.json"
    path.write_text(json.dumps(INVENTORY), "utf-8")
    program = tmp_path / "ansible-inventory"
    program.write_text('#!/bin/sh\nexec cat "$3"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return path


@pytest.mark.parametrize(
    ("text", "scheme", "name", "options"),
    [
        ("docker://web", "docker", "web", {}),
        ("docker://www-data@web?timeout=0.5", "docker", "www-data@web", {"timeout": "0.5"}),
        ("podman://web?sudo=true&sudo_user=a", "podman", "web", {"sudo": "true", "sudo_user": "a"}),
        ("ssh://me@server:2222?ssh_config=~/c", "ssh", "me@server:2222", {"ssh_config": "~/c"}),
        ("ssh://[::1]:22", "ssh", "[::1]:22", {}),
        (
            "kubectl://pod?namespace=n&container=c",
            "kubectl",
            "pod",
            {"namespace": "n", "container": "c"},
        ),
        ("local://", "local", "", {}),
        (
            "ansible://?ansible_inventory=hosts.ini",
            "ansible",
            "",
            {"ansible_inventory": "hosts.ini"},
        ),
    ],
)
def test_valid(text: str, scheme: str, name: str, options: dict[str, str]) -> None:
    """A valid address gives its scheme, its name as testinfra wants it, and its options."""
    address = parse(text)
    assert (address.text, address.scheme, address.name) == (text, scheme, name)
    assert address.options == options


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("web", "has no scheme", "type docker://web or ssh://web"),
        ("", "has no scheme", "local://"),
        ("docker:web", "has no scheme", "type docker://web"),
        ("docker:/web", "has no scheme", "type docker://web"),
        ("ssh/me@web", "has no scheme", "type ssh://me@web"),
        ("web:22", "has no scheme", "type docker://web:22 or ssh://web:22"),
        ("/web/1", "has no scheme", "type docker://NAME or podman://NAME"),
        ("dokcer://web", "unknown scheme: 'dokcer'", "type docker://NAME"),
        ("paramiko://web", "unknown scheme", "ssh://USER@SERVER"),
        ("docker://", "empty name", "docker://NAME"),
        ("docker://@web", "empty name", "docker://NAME"),
        ("ssh://me@", "empty name", "ssh://"),
        ("local://web", "this machine", "local://"),
        ("docker://web?timout=3", "unknown option: 'timout'", "type timeout"),
        ("docker://web?namespace=n", "unknown option: 'namespace'", "sudo"),
        ("docker://web?timeout", "no value for 'timeout'", "timeout=VALUE"),
        ("docker://web?timeout=0", "wrong value for 'timeout'", "seconds"),
        ("docker://web?timeout=soon", "wrong value for 'timeout'", "seconds"),
        ("docker://web?timeout=inf", "wrong value for 'timeout'", "seconds"),
        ("docker://web?sudo=yes", "wrong value for 'sudo'", "sudo=true"),
        ("docker://web?timeout=1&timeout=2", "option twice", "once"),
        ("docker://web/etc", "goes on after the name: '/etc'", "docker://NAME"),
        ("docker://web#1", "goes on after the name: '#1'", "docker://NAME"),
        ("docker://we b", "blank", "without"),
        ("docker://web\n", "control character", "without"),
        ("docker://-v", "read as an option", "docker://NAME"),
        ("ssh://-oProxyCommand=id", "read as an option", "ssh://"),
        ("ssh://me@%2doProxyCommand=id", "read as an option", "ssh://"),
        ("ssh://server:ssh", "no valid server and port", "ssh://SERVER:22"),
        ("ssh://server:70000", "no valid server and port", "ssh://SERVER:22"),
        ("ssh://fe80::1", "no valid server and port", "[::1]"),
        ("ssh://[::1", "unfinished", "ssh://"),
    ],
)
def test_wrong(text: str, what: str, hint: str) -> None:
    """A wrong address is an error that names it, says what is wrong, and what to type."""
    with pytest.raises(DriftError) as raised:
        parse(text)
    assert text in raised.value.what
    assert what in raised.value.what
    assert hint in raised.value.hint


def test_password_is_not_repeated() -> None:
    """A password in an address is refused, and the error does not show it."""
    with pytest.raises(DriftError) as raised:
        parse("ssh://me:s3cret@server")
    assert "password" in raised.value.what
    assert "s3cret" not in raised.value.what + raised.value.hint


def test_stands_for_itself() -> None:
    """An address that names one host expands to itself."""
    assert expand("docker://web?timeout=5") == ["docker://web?timeout=5"]


def test_inventory(inventory: Path) -> None:
    """An Ansible address expands to one address for each host of the group or pattern."""
    query = f"?ansible_inventory={inventory}"
    assert expand(f"ansible://web{query}") == [f"ansible://w1{query}", f"ansible://w2{query}"]
    assert expand(f"ansible://d*{query}") == [f"ansible://db{query}"]
    assert len(expand(f"ansible://{query}")) == 4


def test_unknown_group(inventory: Path) -> None:
    """A name that matches no host of the inventory is an error, not a host of that name."""
    with pytest.raises(DriftError, match="names no host of the inventory"):
        expand(f"ansible://wbe?ansible_inventory={inventory}")


def test_broken_inventory(inventory: Path) -> None:
    """An inventory that cannot be read is an error with the last words of Ansible."""
    inventory.unlink()
    with pytest.raises(DriftError, match="cannot be read") as raised:
        expand(f"ansible://web?ansible_inventory={inventory}")
    assert "No such file" in raised.value.detail
