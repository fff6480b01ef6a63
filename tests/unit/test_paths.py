from pathlib import Path

import pytest

from deployment_drift import paths


def test_root_holds_the_package() -> None:
    """The root is the folder that the package and its tests are in."""
    assert (paths.root() / "deployment_drift/paths.py").is_file()


def test_state_follows_the_xdg_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state folder is below XDG_STATE_HOME, and nobody else can look into it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert paths.state() == tmp_path / "state/deployment-drift"
    assert paths.state().stat().st_mode & 0o777 == 0o700


def test_asking_makes_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is only looked at makes no state folder, nor one above it; one that is used stays."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "none/state"))
    with paths.unmade():
        assert paths.state().is_dir()
    assert list(tmp_path.iterdir()) == []
    with paths.unmade():
        (paths.state() / "used").touch()
    with paths.unmade():
        assert (paths.state() / "used").exists()
    assert (paths.state() / "used").exists()


def test_typed_is_what_can_be_typed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the checkout it is its script, elsewhere the script's path, and installed the command."""
    monkeypatch.chdir(paths.root())
    assert paths.typed("doctor") == "./invoke doctor"
    monkeypatch.chdir(tmp_path)
    assert paths.typed("doctor") == f"{paths.root()}/invoke doctor"
    removed = tmp_path / "removed"
    removed.mkdir()
    monkeypatch.chdir(removed)
    removed.rmdir()
    assert paths.typed("doctor") == f"{paths.root()}/invoke doctor"
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    assert paths.typed("doctor") == "deployment-drift doctor"
