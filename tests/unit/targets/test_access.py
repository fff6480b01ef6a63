"""A session's way into its machines."""

from pathlib import Path

import pytest

from deployment_drift.engine import ownership, packages
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.probe import addresses
from deployment_drift.targets.access import access, forget

SESSION = Session("abc", {})


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a state folder whose name has a space, as macOS has it."""
    folder = tmp_path / "Application Support"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


def test_key_is_forgotten(state: Path) -> None:
    """A session's key is its own, nobody else may read it, and it is gone with the session."""
    with access(SESSION) as way:
        assert way.folder.is_relative_to(state)
        assert way.folder.stat().st_mode & 0o077 == 0
        assert way.key.startswith("ssh-ed25519 ")
    assert not way.folder.exists()


def test_key_of_kept_machines_stays(state: Path) -> None:
    """Machines that go on running keep their key; a session that was killed does not."""
    killed = state / "deployment-drift" / "machines" / "killed"
    killed.mkdir(parents=True)
    with access(SESSION, kept_on="unix:///a") as way:
        assert not killed.exists()
    with access(Session("def", {})):
        assert way.key
    forget("unix:///b")  # as `clean` does on another engine, where these machines are not
    assert way.key
    forget("unix:///a")
    assert not way.folder.exists()


def test_key_of_a_scene_that_runs_stays() -> None:
    """Cleaning does not take a key from a session that lives."""
    with ownership.session() as session, access(session) as way:
        forget()
        assert way.key


def test_address_is_a_valid_one() -> None:
    """The address is one that `compare` takes; the machine's key is known, no other."""
    with access(SESSION) as way:
        address = way.address(2201, "ssh-ed25519 AAAA", patience=60)
        options = addresses.parse(address).options
        assert options == {"ssh_config": str(way.folder / "config"), "timeout": "60"}
        known = (way.folder / "known_hosts").read_text()
        assert known == "[127.0.0.1]:2201 ssh-ed25519 AAAA\n"


def test_missing_ssh_client_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an ssh client, and where none may be installed, it says what to install."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    with pytest.raises(HostError, match="no ssh client") as error, access(SESSION):
        pytest.fail("there is none")
    assert error.value.hint == "apt-get install openssh-client"
