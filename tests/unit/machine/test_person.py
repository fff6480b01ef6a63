"""Who may log in to an exported machine."""

from pathlib import Path

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.machine import person as people
from deployment_drift.machine.person import person

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKq me@laptop"


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder where this user's keys are."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".ssh"
    folder.mkdir()
    return folder


def test_usual_key_is_taken(ssh: Path) -> None:
    """Of several keys it is the one that ssh-keygen makes today, and its private half is told."""
    for name in ("id_rsa.pub", "id_ed25519.pub", "id_dsa.pub"):
        (ssh / name).write_text(f"{KEY} {name}\n", "utf-8")
    found = person("yuki")
    assert (found.name, found.key) == ("yuki", f"{KEY} id_ed25519.pub")
    assert found.private == ssh / "id_ed25519"


def test_no_key_is_said(ssh: Path) -> None:
    """Who has no key is told how to make one."""
    with pytest.raises(DriftError, match="there is no public ssh key in") as raised:
        person()
    assert raised.value.what.startswith(f"there is no public ssh key in {ssh}")
    assert raised.value.hint == "ssh-keygen -t ed25519, or --key FILE"


def test_private_key_is_refused(ssh: Path) -> None:
    """A private key never gets into a machine: the public one is named."""
    (ssh / "id").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n", "utf-8")
    with pytest.raises(DriftError, match="is no public ssh key") as raised:
        person("yuki", str(ssh / "id"))
    assert raised.value.hint == f"--key {ssh / 'id'}.pub"


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"", b"ssh-ed25519\n", f"{KEY}\n{KEY}\n".encode()]
)
def test_what_is_no_key_is_refused(ssh: Path, content: bytes) -> None:
    """Nothing but one public key is taken for one."""
    (ssh / "id.pub").write_bytes(content)
    with pytest.raises(DriftError, match=r"cannot be read|is no public ssh key"):
        person("yuki", str(ssh / "id.pub"))


@pytest.mark.parametrize("name", ["Yuki", "yu ki", "-yuki", "0x", "y" * 33, "a\nb"])
def test_name_has_to_be_one(name: str) -> None:
    """A name that Debian would not take is refused before anything is built."""
    with pytest.raises(DriftError, match="is no user's name"):
        person(name)


@pytest.mark.parametrize(("here", "there"), [("yuki", "yuki"), ("Yuki.Sato", "attendee")])
def test_own_name_is_taken(
    here: str, there: str, ssh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name it is one's own, or another where Debian would not take that."""
    (ssh / "id_rsa.pub").write_text(KEY, "utf-8")
    monkeypatch.setattr(people, "getuser", lambda: here)
    assert person().name == there
