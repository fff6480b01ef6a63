from pathlib import Path

import pytest

from deployment_drift.engine import bridge, daemon, firewall, ownership, packages, private
from deployment_drift.errors import DriftError, EngineError


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_nothing_runs_at_first() -> None:
    """Without an engine of ours there is no address."""
    assert private.running() is None


def test_path_too_long_for_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state folder whose sockets would have too long a path is an error that says so."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ("x" * 100)))
    with pytest.raises(EngineError, match=r"too long for the engine's sockets.*107 are allowed"):
        private.start(lambda _: pytest.fail("announced"))


def test_nothing_is_installed_where_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """With engine and client on the machine nothing is installed and nothing announced."""
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert not private.install(lambda _: pytest.fail("announced"))


def test_installing_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is going to be installed is said before, in one line."""
    events: list[str] = []
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "wants_apparmor", lambda: False)
    monkeypatch.setattr(packages, "install", lambda names, **_: events.append(f"now {names[0]}"))
    assert private.install(events.append)
    assert events == [
        "installing docker.io iproute2 mmdebstrap",
        "now docker.io",
    ]


def test_failed_installation_keeps_apts_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """What apt printed last is kept when an engine cannot be installed."""

    def fail(*_: object, **__: object) -> None:
        raise DriftError("apt-get install failed.", detail="E: no")

    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "install", fail)
    with pytest.raises(EngineError) as error:
        private.install(lambda _: None)
    assert error.value.detail == "E: no"


def test_without_apt_nothing_can_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an engine and without apt the error says what to install."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    with pytest.raises(EngineError, match="dockerd, docker, ip is missing"):
        private.install(lambda _: None)


@pytest.mark.parametrize("reason", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_start_that_fails_leaves_no_bridge(
    reason: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the engine cannot be launched, or somebody stops that, its bridge is removed again."""
    there: set[Path] = set()

    def fail(_: Path) -> None:
        assert there
        raise reason

    monkeypatch.setattr(private, "hindrance", lambda: None)  # a path that is too long is another
    monkeypatch.setattr(firewall, "note", lambda: None)
    monkeypatch.setattr(firewall, "restore", lambda: None)
    monkeypatch.setattr(bridge, "add", there.add)
    monkeypatch.setattr(bridge, "remove", there.remove)
    monkeypatch.setattr(daemon, "launch", fail)
    with pytest.raises(type(reason)):
        private.start(lambda _: None)
    assert not there


def test_no_other_engine_begins_until_this_one_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's firewall and its ranges of addresses are for one engine at a time."""
    alone: list[bool] = []

    def is_taken() -> str:
        with pytest.raises(DriftError, match="busy"), firewall.alone():
            pytest.fail("two are inside")
        alone.append(True)
        return "unix:///a"

    gate = tmp_path / "gate"
    gate.touch()
    monkeypatch.setattr(firewall, "GATE", gate)
    monkeypatch.setattr(ownership, "LONGEST", 0.0)
    monkeypatch.setattr(private, "hindrance", lambda: None)
    monkeypatch.setattr(private, "_launch", is_taken)
    monkeypatch.setattr(private, "_await", is_taken)
    assert private.start(lambda _: None) == "unix:///a"
    assert alone == [True, True]
    with firewall.alone():
        pass
