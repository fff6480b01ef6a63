"""Writes tar, always the same bytes for the same content, and images for another CPU as tar."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from deployment_drift import paths

_CHUNK = 1 << 20


def entry(name: str, size: int) -> tarfile.TarInfo:
    """Return the entry of a file that everybody may read, without a time and an owner."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info


def head(name: str, size: int) -> bytes:
    """Return what stands in front of a file's content, for an archive that is written by hand."""
    return entry(name, size).tobuf(tarfile.GNU_FORMAT)


def fill(size: int) -> bytes:
    """Return what stands behind the content of a file of that size."""
    return bytes(-size % tarfile.BLOCKSIZE)


END = bytes(2 * tarfile.BLOCKSIZE)
"""What stands behind the last file."""


def pack(files: Mapping[str, str | bytes], onto: bytes = b"") -> bytes:
    """Return an archive of files by their names; they are added to what is in `onto`."""
    buffer = io.BytesIO(onto)
    with tarfile.open(fileobj=buffer, mode="a" if onto else "w", format=tarfile.GNU_FORMAT) as tar:
        for name, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            tar.addfile(entry(name, len(content)), io.BytesIO(content))
    return buffer.getvalue()


def copy(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """Add a file, folder or link of this machine; of its mode only the executable bit is kept."""
    info = tar.gettarinfo(path, name)
    info.mtime = info.uid = info.gid = 0
    info.uname = info.gname = ""
    executable = info.isdir() or info.mode & 0o100
    info.mode = 0o755 if executable else 0o644
    with path.open("rb") if info.isreg() else io.BytesIO() as content:
        tar.addfile(info, content)


def read(archive: bytes, name: str) -> str:
    """Return a file of an archive as text, "" for what is no file."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        file = tar.extractfile(name)
        return file.read().decode() if file else ""


def image(
    layer: Iterable[bytes], name: str, cpu: str, config: Mapping[str, Any]
) -> Iterator[bytes]:
    """Yield the tar that an engine loads as an image of that name, made of one layer of tar.

    config: what the image says of itself, as the engine's API spells it.
    """
    with TemporaryFile(dir=paths.state()) as spool:  # a tar says first how long its entries are
        digest = _copy(layer, spool)
        yield from _small("config.json", _described(cpu, config, digest))
        content = {"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}
        yield from _small("manifest.json", [content])
        yield head("layer.tar", spool.tell())
        yield from _chunks(spool)
        yield fill(spool.tell()) + END


def _copy(layer: Iterable[bytes], spool: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in layer:
        digest.update(chunk)
        spool.write(chunk)
    return f"sha256:{digest.hexdigest()}"


def _described(cpu: str, config: Mapping[str, Any], layer: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    return {
        "architecture": cpu,
        "os": "linux",
        "created": now,
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [layer]},
        "history": [{"created": now}],
    }


def _small(name: str, content: object) -> Iterator[bytes]:
    data = json.dumps(content).encode()
    yield head(name, len(data)) + data + fill(len(data))


def _chunks(spool: IO[bytes]) -> Iterator[bytes]:
    spool.seek(0)
    while chunk := spool.read(_CHUNK):
        yield chunk
