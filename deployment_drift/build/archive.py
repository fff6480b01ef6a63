"""Packs a root file system as an image for another CPU, which old engines' import cannot make."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from deployment_drift import paths
from deployment_drift.build import tar

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
        yield tar.head("layer.tar", spool.tell())
        yield from _chunks(spool)
        yield tar.fill(spool.tell()) + tar.END


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
    yield tar.head(name, len(data)) + data + tar.fill(len(data))


def _chunks(spool: IO[bytes]) -> Iterator[bytes]:
    spool.seek(0)
    while chunk := spool.read(_CHUNK):
        yield chunk
