"""Takes an archive of a talk into a checkout and its engine, where nothing outside answers."""

import json
import platform
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from deployment_drift import paths
from deployment_drift.build import bases, images
from deployment_drift.engine import engines, ownership, packages
from deployment_drift.errors import DriftError
from deployment_drift.events import Progress
from deployment_drift.paths import typed
from deployment_drift.records import Sentence
from deployment_drift.report.language import speak
from deployment_drift.stage.pack import INSIDE, SAVING, Contents


def unpack(typed_as: str) -> Iterator[str]:
    """Take an archive into this checkout and its engine, and yield a line for each step.

    Raises DriftError where it is none, or is for another machine.
    """
    own = paths.root() / paths.PACK
    contents = _extract(Path(typed_as), own)
    same = contents.release == packages.release()
    packages.offer(own / "packages", usable=same)
    yield f"packages: for {contents.release}{'' if same else ', and this is ' + packages.release()}"
    lines: list[str] = []
    engine = engines.connect(lines.append)
    yield from map(_spoken, lines)
    with engines.opened(engine, limit=int(SAVING)) as client:
        absent = [name for name in contents.images if not images.find(client, name)]
        with (own / "images.tar.gz").open("rb") as saved:
            client.images.load(cast("Any", saved))
        found = {name: images.find(client, name) for name in contents.images}
        wrong = [name for name, image in contents.images.items() if found[name] != image]
        for name in absent:
            if not ownership.named(name):
                bases.remember(bases.find(client, name))
    if wrong:
        raise DriftError(
            f"{engine.url} has taken other images than were packed: {', '.join(wrong)}"
        )
    yield f"images: {len(contents.images)}, on {engine.url}"


def _spoken(line: str) -> str:
    """Return what the engine's start has to say as a sentence."""
    if not isinstance(line, Sentence):
        return line
    return speak().progress(Progress("engine", line.name, line.values))


def _extract(file: Path, own: Path) -> Contents:
    """Put an archive's own parts into the checkout, in the place of another archive's."""
    prefix = f"{INSIDE}/{paths.PACK}/"
    with _readable(file), tarfile.open(file) as archive:
        members = [each for each in archive if each.name.startswith(prefix)]
        contents = _contents(archive, file)
        shutil.rmtree(own, ignore_errors=True)
        for member in members:
            target = own / member.name.removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            archive.extract(
                member.replace(name=member.name.removeprefix(prefix)), own, filter="data"
            )
    return contents


def _contents(archive: tarfile.TarFile, file: Path) -> Contents:
    try:
        described = archive.extractfile(f"{INSIDE}/{paths.PACK}/pack.json")
        contents = Contents(**json.load(cast("Any", described)))
    except (KeyError, ValueError, TypeError) as error:
        raise DriftError(f"{file} is no archive that `pack` has written") from error
    if contents.machine != platform.machine():
        what = f"{file} is for {contents.machine}, and this machine is {platform.machine()}"
        raise DriftError(what, hint=typed("prepare"))
    return contents


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, tarfile.TarError, EOFError) as error:
        why, *_ = str(error).split(":\n")  # a list follows of all that was tried
        told = error.strerror if isinstance(error, OSError) else why
        raise DriftError(f"{file} could not be taken: {told}", hint=typed("pack FILE")) from error
