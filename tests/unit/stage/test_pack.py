"""Tests of what an archive is, and of files that are none."""

import io
import json
import platform
import subprocess
import tarfile
from dataclasses import asdict
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.engine import engines, private
from deployment_drift.errors import DriftError
from deployment_drift.stage import pack, prepare, unpack
from deployment_drift.stage.prepare import Ready
from tests import installed


def archived(file: Path, members: dict[str, bytes]) -> Path:
    """Write an archive with these members."""
    with tarfile.open(file, "w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout of its own."""
    root = tmp_path / "checkout"
    root.mkdir()
    monkeypatch.setattr(paths, "root", lambda: root)
    return root


DESCRIBED = "deployment-drift/.pack/pack.json"
SAID = json.dumps(asdict(pack.here({}))).encode()


@pytest.mark.parametrize(
    "members",
    [
        {"something": b"else"},
        {DESCRIBED: b""},
        {DESCRIBED: b"[1]"},
        {DESCRIBED: b'{"release": "debian 12"}'},
    ],
)
def test_archive_of_somebody_else(
    checkout: Path, tmp_path: Path, members: dict[str, bytes]
) -> None:
    """Where an archive does not say what it is, nothing of it is taken."""
    file = archived(tmp_path / "talk.tar", members)
    with pytest.raises(DriftError, match="no archive that `pack` has written"):
        list(unpack.unpack(str(file)))
    assert list(checkout.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no tar", b"\x1f\x8b" + bytes(600)])
def test_file_that_is_no_archive(checkout: Path, tmp_path: Path, content: bytes) -> None:
    """A file that is no archive, or ends too soon, is a sentence."""
    file = tmp_path / "talk.tar"
    file.write_bytes(content)
    with pytest.raises(DriftError, match=r"could not be taken: [\w -]+$"):
        list(unpack.unpack(str(file)))
    assert list(checkout.iterdir()) == []


def test_file_that_is_not_there(checkout: Path) -> None:
    """A file that is not there is a sentence, too."""
    assert checkout.is_dir()
    with pytest.raises(DriftError, match="No such file"):
        list(unpack.unpack("nowhere.tar"))


def test_archive_for_another_machine(checkout: Path, tmp_path: Path) -> None:
    """Images of another architecture are not taken."""
    said = json.dumps({**json.loads(SAID), "machine": "vax"}).encode()
    file = archived(tmp_path / "talk.tar", {DESCRIBED: said})
    with pytest.raises(DriftError, match=f"for vax, and this machine is {platform.machine()}"):
        list(unpack.unpack(str(file)))
    assert list(checkout.iterdir()) == []


def test_archive_writes_nowhere_else(checkout: Path, tmp_path: Path) -> None:
    """A member that leads out of its folder is refused."""
    outside = "deployment-drift/.pack/../../../planted"
    file = archived(tmp_path / "talk.tar", {DESCRIBED: SAID, outside: b"x"})
    with pytest.raises(DriftError, match="could not be taken"):
        list(unpack.unpack(str(file)))
    assert not (tmp_path / "planted").exists()
    assert checkout.is_dir()


@pytest.mark.parametrize("tracked", [True, False])
def test_speakers_own_files_stay_at_home(checkout: Path, *, tracked: bool) -> None:
    """What git tracks goes along, as it is now; without git, what it would not ignore."""
    made = {"invoke": "", "app/index.php": "", ".gitignore": ".venv\n*.pyc\n/mine/\n", "gone": ""}
    own = {".venv/bin/pip": "", "app/x.pyc": "", "mine/notes": ""}
    lay(checkout, made)
    if tracked:
        git = [installed.need("git"), "-C", str(checkout)]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "."], check=True)
        own["passwords.txt"] = ""
    (checkout / "gone").unlink()
    lay(checkout, own)
    packed = {name: path for path, name in pack.checkout()}
    assert sorted(packed) == [".gitignore", "app/index.php", "invoke"]
    assert packed["invoke"] == checkout / "invoke"


def lay(folder: Path, files: dict[str, str]) -> None:
    """Put files into a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_stopped_engine_is_started_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Our own engine, which `prepare` stops in the end, has the images: it is asked for them."""

    def connect(_: object) -> None:
        raise DriftError("it was started")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (private.folder() / "data").mkdir(parents=True)
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(engines, "connect", connect)
    with pytest.raises(DriftError, match="it was started"):
        list(pack.pack(str(tmp_path / "talk.tar"), 10))


def test_no_engine_no_archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without an engine there is nothing to pack; what to type is said."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(engines, "find", lambda: None)
    with pytest.raises(DriftError, match="no engine runs") as raised:
        list(pack.pack(str(tmp_path / "talk.tar"), 10))
    assert "prepare" in raised.value.hint
    assert not (tmp_path / "talk.tar").exists()


def test_ready_is_remembered_until_something_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was noted holds as long as all images are those of then."""
    found = {"local": "sha256:1"}
    monkeypatch.setattr(prepare, "images", lambda _: found)
    assert prepare.remembered() is None
    prepare.remember(Ready("2026-11-26", 10, dict(found)))
    noted = prepare.remembered()
    assert noted == Ready("2026-11-26", 10, {"local": "sha256:1"})
    assert prepare.holds(noted)
    found["local"] = "sha256:2"
    assert not prepare.holds(noted)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"day": 1}'])
def test_broken_note_is_none(text: str) -> None:
    """A note that cannot be read is as good as none."""
    (paths.state() / "ready.json").write_text(text)
    assert prepare.remembered() is None
