"""Examines whether the scenes can run on this machine, and what to type where they cannot."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deployment_drift import paths, scenes
from deployment_drift.build import bases, images, names
from deployment_drift.engine import contexts, engines, packages, private
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.scene import Scene
from deployment_drift.stage import needed

if TYPE_CHECKING:
    import docker

NEEDED_GIB = 4.0
"""Free disk that the images of all scenes and their builds need, rounded up."""
NEEDED_FILES = 200_000
"""Files in the images of all scenes and their builds, rounded up."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; where `ok` is false, scenes cannot run.

    `hint` is what to type; it may also be there when all is well but something would be slow.
    `concerns` are the scenes that need it, as they are typed; it is about all unless it names some.
    """

    name: str
    ok: bool
    value: str
    hint: str = ""
    concerns: tuple[str, ...] = ()


def examine(root: Path | None = None) -> list[Finding]:
    """Return what was found, in the order in which it matters; nothing is started or changed."""
    with paths.unmade():
        return _examined(root or paths.root())


def _examined(root: Path) -> list[Finding]:
    engine, found = _engine()
    played = list(_images(engine, root))
    unbuilt = [finding.name for finding in played if finding.hint]
    return [
        *found,
        *played,
        _prepared(),
        _client(engine),
        _ssh(),
        *_room(engine, tuple(unbuilt) if engine else _typed()),
        _port(),
        _python(),
    ]


def ready(root: Path | None = None) -> dict[str, bool]:
    """Return for each scene, by its name, whether it can be played at once; nothing is changed."""
    try:
        engine = engines.find()
    except DriftError:
        engine = None
    if engine is None:
        return {}
    with engines.opened(engine) as client:
        return {
            scene.name: not any(_missing(client, scene, root or paths.root()))
            for scene in scenes.story()
        }


def _typed() -> tuple[str, ...]:
    return tuple(scene.typed for scene in scenes.story())


def _engine() -> tuple[Engine | None, list[Finding]]:
    try:
        engine = engines.find()
    except DriftError as error:
        return None, [Finding("engine", ok=False, value=error.what, hint=error.hint)]
    if engine is None:
        return None, [_startable()]
    return engine, [
        Finding("engine", ok=True, value=f"{engine.url} ({engine.origin})"),
        Finding("version", ok=True, value=f"{engine.version}, API {engine.api}"),
        Finding("architecture", ok=True, value=f"{engine.os}/{engine.architecture}"),
    ]


def _startable() -> Finding:
    """Say whether the first scene would start, or install, a private engine."""
    error = engines.hindrance() or private.hindrance()
    if error:
        return Finding("engine", ok=False, value=error.what, hint=error.hint)
    if shutil.which("dockerd"):
        return Finding("engine", ok=True, value="none runs; a scene starts a private one")
    installable = packages.can_install()
    return Finding(
        "engine",
        ok=installable,
        value="none; a scene installs docker.io first" if installable else "none is installed",
        hint=paths.typed("demo-drift") if installable else "install Docker or Podman",
    )


def _images(engine: Engine | None, root: Path) -> Iterator[Finding]:
    """Say of each scene whether all that it needs has been built: then it needs no network."""
    if engine is None:
        return
    with engines.opened(engine) as client:
        for scene in scenes.story():
            yield _scene(client, scene, root)


def _scene(client: "docker.DockerClient", scene: Scene, root: Path) -> Finding:
    typed = scene.typed
    finding = partial(Finding, typed, concerns=(typed,))
    try:
        missing = list(_missing(client, scene, root))
        _require_bases(client, scene, root)
    except DriftError as error:
        return finding(ok=False, value=error.what, hint=error.hint)
    if not missing:
        return finding(ok=True, value="is built, and needs no network")
    value = f"not yet built: {', '.join(missing)}"
    return finding(ok=True, value=value, hint=paths.typed(typed))


def _require_bases(client: "docker.DockerClient", scene: Scene, root: Path) -> None:
    """Raise BuildError where the names of base images lead to others than they promise."""
    wanted = [base for folder in scene.images for base in images.bases_of(folder, root)]
    for base in wanted:
        bases.require_unmoved(client, base)
    bases.require_distinct({base: found for base in wanted if (found := images.find(client, base))})


def _missing(client: "docker.DockerClient", scene: Scene, root: Path) -> Iterator[str]:
    yield from needed.missing(needed.built(client, scene, root))
    for folder in scene.other_architecture:
        name = f"{folder}@{names.other(client.version()['Arch'])}"
        if not images.present(client, name, root):
            yield name


def _prepared() -> Finding:
    """Say whether the talk was played with no network, and all is as it was then."""
    from deployment_drift.stage import prepare

    hint = paths.typed("prepare")
    try:
        ready = prepare.remembered()
        same = ready is not None and prepare.holds(ready)
    except DriftError as error:
        return Finding("talk", ok=True, value=f"cannot be looked at: {error.what}", hint=hint)
    if ready is None:
        return Finding("talk", ok=True, value="never played with no network", hint=hint)
    told = f"one of {ready.minutes} minutes was played with no network on {ready.day}"
    value = told if same else f"{told}; something has changed since"
    return Finding("talk", ok=True, value=value, hint="" if same else hint)


def _client(engine: Engine | None) -> Finding:
    """Look for the client program; it is installed with a private engine, and only then."""
    missing, found = contexts.unusable(engine), shutil.which("docker")
    return Finding(
        "docker client",
        ok=not missing or (engine is None and not found and packages.can_install()),
        value=missing.what if missing and found else found or "missing",
        hint=missing.hint if missing else "",
    )


def _ssh() -> Finding:
    """Look for ssh: testinfra asks virtual machines through it."""
    found = shutil.which("ssh") if shutil.which("ssh-keygen") else None
    return Finding(
        "ssh client",
        ok=bool(found) or packages.can_install(),
        value=found or "missing",
        hint="" if found else "apt-get install openssh-client",
        concerns=tuple(scene.typed for scene in scenes.story() if scene.machines),
    )


def _room(engine: Engine | None, unbuilt: tuple[str, ...]) -> Iterator[Finding]:
    """Look for room for what is still to be built, by scenes; what is built needs next to none."""
    try:
        folder = _disk_of(engine)
    except DriftError as error:
        yield Finding("free disk", ok=False, value=error.what, hint=error.hint)
        return
    free = shutil.disk_usage(folder).free / 2**30
    enough = free >= NEEDED_GIB or not unbuilt
    yield Finding(
        "free disk",
        ok=enough,
        value=f"{free:.1f} GiB at {folder}",
        hint="" if enough else f"free {NEEDED_GIB:.0f} GiB there, or set XDG_STATE_HOME elsewhere",
        concerns=unbuilt,
    )
    yield from _inodes(folder, unbuilt)


def _disk_of(engine: Engine | None) -> Path:
    """Return where images are kept; of an engine elsewhere, nothing can be looked at from here."""
    if engine:
        with engines.opened(engine) as client:
            folder = Path(client.info().get("DockerRootDir", ""))
            return folder if folder.is_absolute() and folder.is_dir() else paths.state()
    return paths.state()


def _inodes(folder: Path, unbuilt: tuple[str, ...]) -> Iterator[Finding]:
    """Count the files that there is room for; some file systems have no limit, and say 0."""
    found = os.statvfs(folder)
    if found.f_files:
        enough = found.f_favail >= NEEDED_FILES or not unbuilt
        hint = "" if enough else f"df -i {folder}, and remove files there"
        value = f"room for {found.f_favail:,} more at {folder}"
        yield Finding("files", ok=enough, value=value, hint=hint, concerns=unbuilt)


def _port() -> Finding:
    """Bind a port as the servers' are bound: one that the system chooses."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return Finding("port", ok=True, value=f"127.0.0.1:{server.getsockname()[1]} is free")
    except OSError as error:
        return Finding("port", ok=False, value=f"127.0.0.1: {error}", hint="ip link set lo up")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", ok=True, value=f"{version} in {sys.prefix}")
