"""Packs a root file system as an image for another CPU, which old engines' import cannot make."""

import hashlib
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from deployment_drift import paths

_CHUNK = 1 << 20


def pack(layer: Iterable[bytes], name: str, cpu: str, config: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the tar that an engine loads as an image of that name, made of one layer of tar.

    config: what the image says of itself, as the engine's API spells it.
    """
    with TemporaryFile(dir=paths.state()) as spool:  # a tar says first how long its entries are
        digest = _copy(layer, spool)
        yield from _small("config.json", _image(cpu, config, digest))
        content = {"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}
        yield from _small("manifest.json", [content])
        yield _head("layer.tar", spool.tell())
        yield from _chunks(spool)
        yield _fill(spool.tell()) + bytes(2 * tarfile.BLOCKSIZE)


def _copy(layer: Iterable[bytes], spool: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in layer:
        digest.update(chunk)
        spool.write(chunk)
    return f"sha256:{digest.hexdigest()}"


def _image(cpu: str, config: Mapping[str, Any], layer: str) -> dict[str, Any]:
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
    yield _head(name, len(data)) + data + _fill(len(data))


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def _fill(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _chunks(spool: IO[bytes]) -> Iterator[bytes]:
    spool.seek(0)
    while chunk := spool.read(_CHUNK):
        yield chunk
