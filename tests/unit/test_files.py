"""How files are written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.files import EVENTS, PRIVATE, require, streamed, write


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """The new text is there, whoever could read it still can, and nothing else is left."""
    file = tmp_path / "out.md"
    file.write_text("before")
    file.chmod(0o640)
    write(file, "after ✗")
    assert file.read_text("utf-8") == "after ✗"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_secret_is_for_its_owner_alone(tmp_path: Path) -> None:
    """A file that others could read is closed when a secret takes its place."""
    file = tmp_path / "out.json"
    file.write_text("{}")
    file.chmod(0o644)
    write(file, "secret", PRIVATE)
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is a sentence; the file is the one of before, and nothing is beside it."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "out.md"
    file.write_text("before")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DriftError, match=r"out\.md could not be written: No space left on device"):
        write(file, "after")
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_ctrl_c_leaves_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is stopped while writing leaves the file of before, and nothing beside it."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out.md", "after")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [write, lambda path, _: streamed(path).__enter__()])
def test_a_link_of_somebody_else_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: Callable[[Path, str], object]
) -> None:
    """Who may write into a folder cannot lead us to a file elsewhere."""
    file, link = tmp_path / "theirs", tmp_path / "out.md"
    file.write_text("before")
    link.symlink_to(file)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    if link.lstat().st_uid == 0:
        os.lchown(link, 54321, 54321)
    with pytest.raises(DriftError, match="it is a link of another user's"):
        how(link, "after")
    assert file.read_text() == "before"


def test_a_device_stays_one(tmp_path: Path) -> None:
    """What is no file is written to: a link to a device leads there, whoever made it."""
    link = tmp_path / "out"
    link.symlink_to("/dev/null")
    write(link, "lost")
    assert Path("/dev/null").is_char_device()
    with streamed(link) as file:
        file.write("lost")
    assert Path("/dev/null").is_char_device()


def test_a_link_that_leads_to_itself(tmp_path: Path) -> None:
    """A circle of links cannot be written to, which is a sentence."""
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    with pytest.raises(DriftError, match="could not be written: Too many levels"):
        write(circle, "text")


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_file_has(name: str) -> None:
    """What was typed can be no name: that is a sentence, too."""
    with pytest.raises(DriftError, match="no file has such a name"):
        write(Path(name), "text")
    with pytest.raises(DriftError, match="no file has such a name"):
        require(Path(name), EVENTS)
