import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.build import archive

LAYER = (b"one ", b"layer")


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def packed(layer: Iterator[bytes]) -> dict[str, bytes]:
    """Return the files of a packed image."""
    whole = b"".join(archive.image(layer, "arm64v8/debian:x", "arm64", {"Cmd": ["bash"]}))
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        found = {info.name: tar.extractfile(info) for info in tar}
        return {name: file.read() for name, file in found.items() if file}


def test_image_is_one_layer_for_a_cpu() -> None:
    """The image says its name, its CPU, what it runs, and which layer it is made of."""
    files = packed(iter(LAYER))
    (manifest,) = json.loads(files["manifest.json"])
    config = json.loads(files[manifest["Config"]])
    assert manifest["RepoTags"] == ["arm64v8/debian:x"]
    assert [files[name] for name in manifest["Layers"]] == [b"one layer"]
    assert (config["os"], config["architecture"]) == ("linux", "arm64")
    assert config["config"] == {"Cmd": ["bash"]}
    digest = hashlib.sha256(b"one layer").hexdigest()
    assert config["rootfs"]["diff_ids"] == [f"sha256:{digest}"]


def test_layer_that_fails_is_no_image() -> None:
    """Where the layer breaks off nothing is packed, and nothing is left behind."""

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError

    chunks = archive.image(broken(), "x:y", "arm64", {})
    with pytest.raises(OSError):  # noqa: PT011 -- the layer's own
        next(chunks)
    assert list(paths.state().iterdir()) == []


def entries(packed: bytes) -> dict[str, tarfile.TarInfo]:
    """Return what is in an archive, by name."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        return {info.name: info for info in opened}


def test_texts_and_bytes_become_files_for_everybody() -> None:
    """Every file can be read by everybody, and says neither when nor by whom it was written."""
    packed = archive.pack({"etc/service": "A=é\n", "key": b"\xff"})
    assert archive.read(packed, "etc/service") == "A=é\n"
    for info in entries(packed).values():
        assert (info.mode, info.mtime, info.uid, info.uname) == (0o644, 0, 0, "")
    assert packed == archive.pack({"etc/service": "A=é\n", "key": b"\xff"})


def test_files_are_added_behind_others() -> None:
    """What was in an archive stays in it, in front of what is added."""
    packed = archive.pack({"second": "2"}, archive.pack({"first": "1"}))
    assert list(entries(packed)) == ["first", "second"]
    assert archive.read(packed, "first") == "1"


def test_archive_by_hand_is_one_of_the_librarys() -> None:
    """Head, content, filling and end, one after the other, are what tar reads."""
    content = b"five!"
    packed = archive.head("file", len(content)) + content + archive.fill(len(content)) + archive.END
    assert archive.read(packed, "file") == "five!"
