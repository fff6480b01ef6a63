"""Builds the same content a second time, and fixes in both what a build alone brings in."""

import hashlib
import json
import os
import tarfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.ship import registry
from deployment_drift.ship.contents import packages

if TYPE_CHECKING:
    import docker

EXPLAINED = Path(__file__).with_name("reproduce.toml")
KEPT = ("ArgsEscaped", "Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels",
        "StopSignal", "User", "Volumes", "WorkingDir")  # fmt: skip
"""What an image's settings say to whoever runs it; engines note there, too, how they built it."""
_OWN = ownership.LABEL.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Content:
    """What a layer says of one path, besides its time."""

    mode: str
    sum: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it was built: contents and times by paths; `fixed` is its sum without times."""

    files: Mapping[str, Content]
    times: Mapping[str, float]
    fixed: str


@dataclass(frozen=True, slots=True)
class Build:
    """An image that was built: its id, its settings, its layers, its packages' versions."""

    id: str
    settings: Mapping[str, Any]
    layers: Sequence[Layer]
    packages: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def fixed(self) -> str:
        """The id that it has with times fixed, and without what is explained to differ."""
        content = json.dumps(_settled(self), sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"


def builds(engine: Engine, folder: str, say: registry.Say, *, root: Path) -> tuple[Build, Build]:
    """Return the image of a folder as it was built, and as it is built anew now."""
    told = images.anew(engine, folder, lambda _, line: say(line), root=root)
    with told as (first, second):
        return _look(engine, first), _look(engine, second)


def on_both(
    engine: Engine, other: Engine, folder: str, say: registry.Say, *, root: Path
) -> tuple[Build, Build]:
    """Return the image of a folder as two engines build it, from the very same base."""
    for base in images.bases_of(folder, root=root):
        _carry(base, engine, other)
    made = [
        images.build(each, folder, lambda _, line: say(line), root=root) for each in (engine, other)
    ]
    return _look(engine, made[0].id), _look(other, made[1].id)


def _carry(image: str, engine: Engine, other: Engine) -> None:
    """Take an image from one engine to another, whole."""
    with (
        engines.opened(engine) as here,
        engines.opened(other, limit=registry.SILENCE) as there,
        TemporaryFile(dir=paths.state()) as file,
    ):
        file.writelines(here.images.get(image).save(named=image))
        file.seek(0)
        there.images.load(file)


def _look(engine: Engine, image: str) -> Build:
    with (
        ownership.session() as session,
        engines.opened(engine, limit=registry.SILENCE) as client,
    ):
        return _read(client, session, image)


def _read(client: "docker.DockerClient", session: ownership.Session, image: str) -> Build:
    with TemporaryFile(dir=paths.state()) as file:
        for chunk in client.images.get(image).save():
            file.write(chunk)
        settings, layers = read(file)
    return Build(image, settings, layers, packages(client, session, image))


def read(saved: IO[bytes]) -> tuple[dict[str, Any], list[Layer]]:
    """Return the settings and the layers of an image, from the file that `docker save` makes."""
    saved.seek(0)
    with tarfile.open(fileobj=saved) as tar:
        (listed,) = json.load(_member(tar, "manifest.json"))
        settings = json.load(_member(tar, listed["Config"]))
        return settings, [_layer(_member(tar, name)) for name in listed["Layers"]]


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    found = tar.extractfile(name)
    if found is None:
        raise FileNotFoundError(name)
    return found


def _layer(file: IO[bytes]) -> Layer:
    with tarfile.open(fileobj=file) as tar:
        members = tar.getmembers()
        files = {each.name: Content(_mode(each), _sum(tar, each)) for each in members}
        times = {each.name: each.mtime for each in members}
        return Layer(files, times, _fixed(tar, members))


def _mode(member: tarfile.TarInfo) -> str:
    kind = member.type.decode()
    return f"{kind} {member.mode:o} {member.uid}:{member.gid} {member.linkname}".strip()


def _sum(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    content = tar.extractfile(member) if member.isreg() else None
    return hashlib.file_digest(content, "sha256").hexdigest() if content else ""  # type: ignore[arg-type]


class _Sum:
    """Sums up what is written to it, as a file."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        """Take more."""
        self.digest.update(chunk)
        return len(chunk)


def _fixed(tar: tarfile.TarFile, members: Sequence[tarfile.TarInfo]) -> str:
    """Return the sum of a layer that is packed anew: sorted, with fixed times, links at the end."""
    summed, left_out = _Sum(), explained()
    with tarfile.open(fileobj=summed, mode="w|", format=tarfile.PAX_FORMAT) as packed:  # type: ignore[call-overload]
        for each in sorted(members, key=lambda each: (each.islnk(), each.name)):
            if reason(each.name, left_out):
                continue
            each.mtime = min(int(each.mtime), _epoch())
            each.uname = each.gname = ""
            kept = {key: value for key, value in each.pax_headers.items() if "xattr" in key}
            each.pax_headers = kept
            packed.addfile(each, tar.extractfile(each) if each.isreg() else None)
    return summed.digest.hexdigest()


def _epoch() -> int:
    """Return the time that everything newer is given, as other builders are told it."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or 0)


def explained() -> dict[str, str]:
    """Return why files may differ, by patterns of their paths."""
    return dict(tomllib.loads(EXPLAINED.read_text("utf-8"))["files"])


def reason(path: str, known: Mapping[str, str]) -> str:
    """Return why a file differs, "" where nothing explains it."""
    return next((why for pattern, why in known.items() if fnmatchcase(path, pattern)), "")


def _settled(build: Build) -> dict[str, Any]:
    """Return an image's settings as they would be, whenever and wherever it was built."""
    given, date = build.settings, datetime.fromtimestamp(_epoch(), UTC).isoformat()
    config = {key: given["config"][key] for key in KEPT if given["config"].get(key)}
    labels = {k: v for k, v in config.get("Labels", {}).items() if not k.startswith(_OWN)}
    history = [{**each, "created": date} for each in given.get("history", ())]
    sums = [f"sha256:{layer.fixed}" for layer in build.layers]
    return {
        "architecture": given["architecture"],
        "os": given["os"],
        "created": date,
        "config": {**config, "Labels": labels},
        "history": history,
        "rootfs": {"type": "layers", "diff_ids": sums},
    }
