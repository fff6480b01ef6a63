"""The environment of a checkout: what is damaged is found, and made anew once."""

import os
import py_compile
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from deployment_drift import cli, paths, venv

RUN = ["deployment_drift", "--search-root", "/checkout", "compare", "--local", "a"]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the one file of the one package that a checkout's environment has."""
    site = tmp_path / ".venv/lib/python3.11/site-packages"
    (site / "one-1.dist-info").mkdir(parents=True)
    (site / "one.py").write_text("ONE = 1\n", "utf-8")
    digest = urlsafe_b64encode(sha256(b"ONE = 1\n").digest()).decode().rstrip("=")
    (site / "one-1.dist-info/RECORD").write_text(f"one.py,sha256={digest},8\n", "utf-8")
    (tmp_path / ".venv/requirements.txt").touch()
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.setattr(sys, "argv", RUN)
    monkeypatch.delenv(venv.ANEW, raising=False)
    return site / "one.py"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give the list of what is started in place of this process."""
    found: list[list[str]] = []
    monkeypatch.setattr(os, "execve", lambda _program, words, _told: found.append(words))
    return found


def test_what_is_as_it_was_installed_is_not_made_anew(
    module: Path, started: list[list[str]]
) -> None:
    """An environment in which nothing is damaged stays, whatever else went wrong."""
    venv.mend()
    assert module.exists()
    assert venv.damage() == ""
    assert not started


@pytest.mark.parametrize("damage", [lambda file: file.write_text("ONE"), Path.unlink])
def test_a_damaged_file_lets_the_environment_be_made_anew(
    module: Path, started: list[list[str]], damage: "object", capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is cut off or gone is named, and the same is run again in a new environment."""
    assert callable(damage)
    damage(module)
    venv.mend()
    assert "site-packages/one.py is not as it was installed" in capsys.readouterr().err
    assert started == [[str(paths.root() / "invoke"), "compare", "--local", "a"]]
    assert not (venv.folder() / "requirements.txt").exists()


def test_a_list_of_files_that_is_cut_off_is_damage(module: Path) -> None:
    """Where the list of what was installed ends within a line, the file in it is damaged."""
    record = module.parent / "one-1.dist-info/RECORD"
    record.write_text(record.read_text("utf-8")[:-9], "utf-8")
    assert venv.damage().endswith("one.py")
    record.write_text("one.py", "utf-8")
    assert not venv.damage()


def test_an_environment_is_made_anew_once(
    module: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is damaged again at once is not made anew for ever."""
    module.unlink()
    monkeypatch.setenv(venv.ANEW, "1")
    venv.mend()
    assert not started


def test_damage_that_is_met_later_is_named(module: Path) -> None:
    """Something unforeseen in the middle names the damaged file; the next start mends it."""
    module.unlink()
    assert "one.py is damaged, .venv is made anew then" in cli.message(NameError("TWO"))
    assert not (venv.folder() / "requirements.txt").exists()
    assert "--debug" in cli.message(NameError("TWO")), "it is going to be made anew already"


def test_what_was_compiled_and_cut_off_is_compiled_anew(
    module: Path, started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """What Python has compiled is no package's file: what is cut off of it goes, all else stays."""
    sound, cut = (Path(str(py_compile.compile(str(module), optimize=each))) for each in (0, 1))
    cut.write_bytes(cut.read_bytes()[:-9])
    venv.mend()
    assert f"{cut.name} cannot be read: it is compiled anew" in capsys.readouterr().err
    assert started == [[str(paths.root() / "invoke"), "compare", "--local", "a"]]
    assert (sound.exists(), cut.exists(), (venv.folder() / "requirements.txt").exists()) == (
        *(True, False, True),
    )


def test_what_was_compiled_and_is_met_later_is_named(module: Path) -> None:
    """Something unforeseen in the middle names what could not be read, which is gone then."""
    cut = Path(str(py_compile.compile(str(module))))
    cut.write_bytes(cut.read_bytes()[:-9])
    assert f"{cut.name} was damaged, and is compiled anew" in cli.message(EOFError("too short"))
    assert "--debug" in cli.message(EOFError("too short"))
