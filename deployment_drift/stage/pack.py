"""Packs all that a talk needs into one archive, and takes such an archive where nothing answers."""

import gzip
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from deployment_drift import files, paths
from deployment_drift.build import bases, images
from deployment_drift.engine import engines, ownership, packages, private, streams
from deployment_drift.errors import DriftError
from deployment_drift.events import Progress
from deployment_drift.paths import typed
from deployment_drift.records import Sentence
from deployment_drift.report.language import speak
from deployment_drift.report.terminal import console
from deployment_drift.stage import needed
from deployment_drift.stage.talk import chosen
from deployment_drift.values import as_json

if TYPE_CHECKING:
    import docker

INSIDE = "deployment-drift"
"""The folder that an archive unpacks to: a checkout, with what it needs in `.pack`."""
LEFT_OUT = {".git", ".venv", ".venv.lock", paths.PACK, "__pycache__", "my-exercises", "mutants"}
LEFT_OUT |= {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
SAVING = 600.0
"""Seconds that an engine may be silent while it looks images up."""
LEVEL = 1  # of compression: ten times as fast as the best one, for a tenth more
CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds: for which machine it is, and the images by their names."""

    release: str
    machine: str
    python: str
    images: dict[str, str]


def here(images: dict[str, str]) -> Contents:
    """Return what an archive of this machine is for."""
    return Contents(packages.release(), platform.machine(), platform.python_version(), images)


def told(lines: Iterable[str]) -> int:
    """Print each line as it comes."""
    for line in lines:
        console().print(line)
    return 0


def pack(typed_as: str, minutes: int) -> Iterator[str]:
    """Write the archive, and yield a line for each part of it.

    Raises DriftError where something is not built yet, or cannot be fetched or written.
    """
    file = Path(typed_as)
    place = files.destination(file)
    if not place.parent.is_dir():
        raise DriftError(f"{file} could not be written: there is no such folder")
    engine = engines.find()
    if engine is None:
        raise DriftError("no engine runs, so there are no images to pack", hint=typed("prepare"))
    with engines.opened(engine) as client, _beside(place) as made:
        found = needed.needed(client, chosen(minutes), paths.root())
        if lacking := needed.missing(found.items()):
            raise DriftError(f"not yet built: {', '.join(lacking)}", hint=typed("prepare"))
        ids = {tag: images.find(client, tag) for tag in found.values()}
        yield _told("images", [_save(client, list(ids), made / "images.tar.gz")])
        yield _told("wheels", _wheels(made / "wheels"))
        yield _told("packages", _packages(made / "packages"))
        (made / "pack.json").write_text(as_json(asdict(here(ids)), indent=1))
        _archive(made).replace(place)
    yield f"{file}: {place.stat().st_size / CHUNK:.0f} MiB"


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Yield a folder on the archive's own disk; say what went wrong where it is too full."""
    try:
        with TemporaryDirectory(prefix=".pack-", dir=place.parent) as made:
            yield Path(made)
    except OSError as error:
        raise DriftError(f"{place} could not be written: {error.strerror or error}") from error


def _archive(made: Path) -> Path:
    """Put all parts, and this checkout, into one file."""
    file = made / "archive"
    with tarfile.open(file, "w") as archive:
        for source, name in (*_parts(made), *_checkout()):
            archive.add(source, f"{INSIDE}/{name}", recursive=False)
    return file


def _told(what: str, made: Sequence[Path]) -> str:
    size = sum(file.stat().st_size for file in made)
    return f"{what}: {len(made)} file{'s' * (len(made) != 1)}, {size / CHUNK:.0f} MiB"


def _save(client: "docker.DockerClient", names: Iterable[str], file: Path) -> Path:
    """Write the images, compressed, as the engine gives them; layers that they share once."""
    request = streams.Request("/images/get", {"names": list(names)}, SAVING)
    with gzip.open(file, "wb", LEVEL) as packed:
        for part in streams.get(client.api, request, CHUNK):
            packed.write(part)
    return file


def _wheels(folder: Path) -> list[Path]:
    """Fetch what requirements.txt locks, from where this machine's pip fetches."""
    folder.mkdir()
    lock = paths.root() / "requirements.txt"
    words = ["--disable-pip-version-check", "-q", "--require-hashes", "-r", str(lock)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *words, "-d", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DriftError("the wheels could not be fetched", detail=done.stderr[-1000:])
    return sorted(folder.iterdir())


def _packages(folder: Path) -> list[Path]:
    return packages.download(private.PACKAGES, folder, optional=private.OPTIONAL)


def _checkout() -> Iterator[tuple[Path, str]]:
    """Yield the files of this checkout, without what is made in it."""
    root = paths.root()
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if name not in LEFT_OUT)
        for name in sorted(set(names) - LEFT_OUT):
            path = Path(folder, name)
            if not name.endswith(".pyc"):
                yield path, str(path.relative_to(root))


def _parts(made: Path) -> Iterator[tuple[Path, str]]:
    """Yield the archive's own parts; what describes them comes first."""
    order = sorted(made.rglob("*"), key=lambda path: (path.name != "pack.json", path))
    for path in order:
        if path.is_file() and path.name != "archive":
            yield path, f"{paths.PACK}/{path.relative_to(made)}"


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
        told = error.strerror if isinstance(error, OSError) else error
        raise DriftError(f"{file} could not be taken: {told}", hint=typed("pack FILE")) from error
