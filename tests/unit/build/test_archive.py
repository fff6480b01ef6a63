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
    whole = b"".join(archive.pack(layer, "arm64v8/debian:x", "arm64", {"Cmd": ["bash"]}))
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

    chunks = archive.pack(broken(), "x:y", "arm64", {})
    with pytest.raises(OSError):  # noqa: PT011 -- the layer's own
        next(chunks)
    assert list(paths.state().iterdir()) == []
