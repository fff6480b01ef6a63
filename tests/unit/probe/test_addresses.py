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
        ("ssh://server:1", "ssh", "server:1", {}),
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
        ("", "has no scheme", "type docker://NAME or podman://NAME or ssh://USER@SERVER or"),
        ("docker:web", "has no scheme", "type docker://web"),
        ("docker:/web", "has no scheme", "type docker://web"),
        ("ssh/me@web", "has no scheme", "type ssh://me@web"),
        ("web:22", "has no scheme", "type docker://web:22 or ssh://web:22"),
        ("/web/1", "has no scheme", "type docker://NAME or podman://NAME"),
        ("dokcer://web", "has an unknown scheme: 'dokcer'", "type docker://NAME"),
        ("dockerpodman://web", "has an unknown scheme: 'dockerpodman'", "type podman://NAME"),
        ("a://b://c", "has an unknown scheme: 'a'", "type docker://NAME or podman://NAME"),
        ("paramiko://web", "has an unknown scheme", "type docker://NAME or podman://NAME"),
        ("docker://", "has an empty name", "type docker://NAME"),
        ("docker://@web", "has an empty name", "type docker://NAME"),
        ("ssh://me@", "has an empty name", "type ssh://USER@SERVER"),
        ("local://web", "names a host, but local:// is this machine", "type local://"),
        ("docker://web?timout=3", "has an unknown option: 'timout'", "type timeout"),
        ("docker://web?sudo_usr=a", "has an unknown option: 'sudo_usr'", "type sudo_user"),
        ("docker://web?namespace=n", "has an unknown option", "type sudo or sudo_user or timeout"),
        ("docker://web?timeout", "has no value for 'timeout'", "type timeout=VALUE"),
        ("docker://web?timeout=0", "has a wrong value for 'timeout'", "type seconds: timeout=10"),
        (
            "docker://web?timeout=soon",
            "has a wrong value for 'timeout'",
            "type seconds: timeout=10",
        ),
        ("docker://web?timeout=inf", "has a wrong value for 'timeout'", "type seconds: timeout=10"),
        (
            f"docker://web?timeout={'9' * 400}",
            "has a wrong value for 'timeout'",
            "type seconds: timeout=10",
        ),
        ("docker://web?timeout=.0", "has a wrong value for 'timeout'", "type seconds: timeout=10"),
        ("docker://web?sudo=yes", "has a wrong value for 'sudo'", "type sudo=true or sudo=false"),
        ("docker://web?timeout=1&timeout=2", "has an option twice", "give each option once"),
        ("docker://web/etc", "goes on after the name: '/etc'", "type docker://NAME"),
        ("docker://docker/docker", "goes on after the name: '/docker'", "type docker://NAME"),
        ("docker://web#1", "goes on after the name: '#1'", "type docker://NAME"),
        ("docker://we b", "contains a blank or a control character", "type it without"),
        ("docker://web\n", "contains a blank or a control character", "type it without"),
        ("docker://-u@web", "has a name that would be read as an option", "type docker://NAME"),
        ("docker://-v", "has a name that would be read as an option", "type docker://NAME"),
        (
            "ssh://-oProxyCommand=id",
            "has a name that would be read as an option",
            "type ssh://USER@SERVER",
        ),
        (
            "ssh://me@%2doProxyCommand=id",
            "has a name that would be read as an option",
            "type ssh://USER@SERVER",
        ),
        (
            "ssh://server:ssh",
            "has no valid server and port",
            "type ssh://SERVER:22 or ssh://[::1]:22",
        ),
        (
            "ssh://server:70000",
            "has no valid server and port",
            "type ssh://SERVER:22 or ssh://[::1]:22",
        ),
        (
            f"ssh://server:{'9' * 5000}",
            "has no valid server and port",
            "type ssh://SERVER:22 or ssh://[::1]:22",
        ),
        ("ssh://fe80::1", "has no valid server and port", "type ssh://SERVER:22 or ssh://[::1]:22"),
        ("ssh://server:0", "has no valid server", "type ssh://SERVER:22 or ssh://[::1]:22"),
        ("ssh://[::1", "has an unfinished [ ] in its name", "type ssh://USER@SERVER"),
    ],
)
def test_wrong(text: str, what: str, hint: str) -> None:
    """A wrong address is an error that names it, says what is wrong, and what to type."""
    with pytest.raises(DriftError) as raised:
        parse(text)
    assert raised.value.what.startswith(f"the address {text} {what}")
    assert raised.value.hint.startswith(hint)
    assert " or " in hint or raised.value.hint == hint


@pytest.mark.parametrize("scheme", ["ssh://", "sssh://", ""])
@pytest.mark.parametrize(
    "password", ["s3cret", "s3@cret", "a/b", "a?b=c", "a#b", "22/b", "22", "a:b", "/a", "%2Fa"]
)
def test_password_is_not_repeated(scheme: str, password: str) -> None:
    """A password in an address is refused, whatever is in it, and the error does not show it."""
    with pytest.raises(DriftError) as raised:
        parse(f"{scheme}me:{password}@server")
    shown = f"the address {scheme}USER:…@server has a password, which every process list shows"
    assert (raised.value.what, raised.value.hint) == (shown, "use a key: ssh-copy-id")


@pytest.mark.parametrize("rest", ["web:22", "me@web:22", "[::1]:22", "me@[::1]:22"])
def test_at_in_an_option_is_no_password(rest: str) -> None:
    """A file's name may have an @ in it, also behind a port."""
    parse(f"ssh://{rest}?ssh_identity_file=/home/me@work/key")


def test_stands_for_itself() -> None:
    """An address that names one host expands to itself."""
    assert expand("docker://web?timeout=5") == ["docker://web?timeout=5"]


def test_inventory(inventory: Path) -> None:
    """An Ansible address expands to one address for each host of the group or pattern."""
    query = f"?ansible_inventory={inventory}"
    assert expand(f"ansible://web{query}") == [f"ansible://w1{query}", f"ansible://w2{query}"]
    assert expand(f"ansible://d*{query}") == [f"ansible://db{query}"]
    assert len(expand(f"ansible://{query}")) == 4
    assert expand(f"ansible://db{query}&sudo_user=a?b") == [f"ansible://db{query}&sudo_user=a?b"]


def test_unknown_group(inventory: Path) -> None:
    """A name that matches no host of the inventory is an error, not a host of that name."""
    address = f"ansible://wbe?ansible_inventory={inventory}"
    with pytest.raises(DriftError) as raised:
        expand(address)
    assert raised.value.what == f"the address {address} names no host of the inventory"
    assert raised.value.hint == "try: ansible-inventory --graph"


def test_broken_inventory(inventory: Path) -> None:
    """An inventory that cannot be read is an error with the last words of Ansible."""
    inventory.unlink()
    with pytest.raises(DriftError, match="cannot be read") as raised:
        expand(f"ansible://web?ansible_inventory={inventory}")
    assert "No such file" in raised.value.detail
    assert len(raised.value.detail) <= 500
    assert raised.value.hint == "try: ansible-inventory --list"
