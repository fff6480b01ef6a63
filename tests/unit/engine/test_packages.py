from pathlib import Path

import pytest

from deployment_drift.engine import packages
from deployment_drift.errors import DriftError

FAKE = """#!/bin/sh
echo "$(basename "$0") $*" >> {log}
{body}
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file in which the fake apt programs of this test note what they are asked."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path / "log"


def program(log: Path, name: str, body: str) -> None:
    """Put a program in the PATH that notes its words and then does as told."""
    file = log.with_name(name)
    file.write_text(FAKE.format(log=log, body=body))
    file.chmod(0o755)


def asked(log: Path) -> list[str]:
    """Return what was asked of apt-get, its options left out."""
    lines = [line.split() for line in log.read_text().splitlines()]
    return [
        " ".join(word for word in words[1:] if not word.startswith("-"))
        for words in lines
        if words[0] == "apt-get"
    ]


def test_known_packages_are_installed_in_one_go(log: Path) -> None:
    """Packages that apt knows are installed at once, optional ones among them."""
    program(log, "apt-cache", "exit 0")
    program(log, "apt-get", "exit 0")
    packages.install(["one", "two"], optional=["three"])
    assert asked(log) == ["install one two three"]


def test_lists_are_fetched_where_they_are_missing(log: Path) -> None:
    """A machine without package lists fetches them first; what is not to be had is left out."""
    program(log, "apt-cache", "exit 100")
    program(log, "apt-get", "exit 0")
    packages.install(["one"], optional=["two"])
    assert asked(log) == ["update", "install one"]


def test_outdated_lists_are_fetched_once_more(log: Path) -> None:
    """When the mirror has moved on, the lists are fetched and the installation tried again."""
    program(log, "apt-cache", "exit 0")
    program(log, "apt-get", f'[ "$1" = update ] || [ "$(grep -c "apt-get install" {log})" = 2 ]')
    packages.install(["one"])
    assert asked(log) == ["install one", "update", "install one"]


def test_another_program_that_fetches_is_waited_for(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever fetches the lists at this moment is waited for, which apt itself does not do."""
    said = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)"
    program(log, "apt-cache", "exit 100")
    program(log, "apt-get", f'[ "$(grep -c update {log})" = 2 ] || {{ echo "{said}"; exit 100; }}')
    monkeypatch.setattr(packages, "_PAUSE", 0.01)
    packages.install(["one"])
    assert asked(log) == ["update", "update", "install one"]
    monkeypatch.setattr(packages, "PATIENCE", 0)
    log.unlink()
    with pytest.raises(DriftError, match="apt-get update failed") as error:
        packages.install(["one"])
    assert error.value.detail == said


def test_failure_shows_apts_last_lines(log: Path) -> None:
    """When apt fails, its last lines and the command to try are in the error."""
    program(log, "apt-cache", "exit 0")
    program(log, "apt-get", "[ $1 = update ] && exit 0; seq 20; echo E: no space; exit 100")
    with pytest.raises(DriftError, match="apt-get install failed for one") as error:
        packages.install(["one"])
    assert error.value.detail.splitlines()[-2:] == ["20", "E: no space"]
    assert error.value.hint == "apt-get install one"


def test_only_root_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is not root, or has no apt, is not offered an installation."""
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert not packages.can_install()
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert packages.can_install()
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert not packages.can_install()


def test_another_program_that_installs_is_waited_for(log: Path) -> None:
    """What holds the lock of the packages is waited for, not failed by."""
    program(log, "apt-cache", "exit 0")
    program(log, "apt-get", "exit 0")
    packages.install(["one"])
    assert "DPkg::Lock::Timeout" in log.read_text()
