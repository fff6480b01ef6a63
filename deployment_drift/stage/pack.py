"""Packs all that a talk needs into one archive: this checkout, images, wheels, packages."""

import gzip
import os
import platform
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from deployment_drift import files, paths
from deployment_drift.build import images
from deployment_drift.engine import engines, packages, private, streams
from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.report.terminal import console
from deployment_drift.stage import needed
from deployment_drift.stage.talk import chosen
from deployment_drift.values import as_json

if TYPE_CHECKING:
    import docker

INSIDE = "deployment-drift"
"""The folder that an archive unpacks to: a checkout, with what it needs in `.pack`."""
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
    engine = engines.find() or _stopped()
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


def _stopped() -> engines.Engine | None:
    """Return our own engine, started again, where it was stopped, as `prepare` does in the end."""
    own = private.folder() / "data"
    return engines.connect(lambda _: None) if own.is_dir() else None


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
        for source, name in (*_parts(made), *checkout()):
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


def checkout() -> Iterator[tuple[Path, str]]:
    """Yield the files of this checkout, without what somebody has put or made there."""
    root = paths.root()
    yield from ((root / name, name) for name in sorted(_tracked(root) or _found(root)))


def _tracked(root: Path) -> list[str]:
    """Return what git tracks and is there, nothing where this is no checkout of git's."""
    if not (root / ".git").exists():
        return []
    words = ["git", "-C", str(root), "ls-files", "-z"]
    with suppress(OSError, subprocess.CalledProcessError):
        listed = subprocess.run(words, capture_output=True, check=True).stdout
        return [
            name for name in os.fsdecode(listed).split("\0") if name and (root / name).is_file()
        ]
    return []


def _found(root: Path) -> Iterator[str]:
    """Yield what is there and git would not ignore, where it cannot be asked."""
    ignored = [".git", *(root / ".gitignore").read_text("utf-8").split()]

    def kept(names: Iterable[str]) -> list[str]:
        return [n for n in names if not any(fnmatch(n, each.strip("/")) for each in ignored)]

    for folder, inner, names in os.walk(root):
        inner[:] = kept(inner)
        yield from (str(Path(folder, name).relative_to(root)) for name in kept(names))


def _parts(made: Path) -> Iterator[tuple[Path, str]]:
    """Yield the archive's own parts; what describes them comes first."""
    order = sorted(made.rglob("*"), key=lambda path: (path.name != "pack.json", path))
    for path in order:
        if path.is_file() and path.name != "archive":
            yield path, f"{paths.PACK}/{path.relative_to(made)}"
