"""Writes files: whole or not at all, and never over what is not a file of one's own."""

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from deployment_drift import paths
from deployment_drift.errors import DriftError

PRIVATE, SHARED = 0o600, 0o666
"""Who may read a new file: its owner alone, or whoever the umask lets."""
HEAD = 1000  # bytes of a file that tell what it is


@dataclass(frozen=True, slots=True)
class Kind:
    """What an option writes: its name for people, and a pattern of how such a file begins.

    A parameter of a command that is a file to write has one in its annotation.
    """

    name: str
    begins: bytes = b""


EVENTS = Kind("record of events", rb'\{"at": [0-9.]+, "event": ')
JUNIT = Kind("JUnit XML", rb"<\?xml [^>]*>\s*<testsuites?\b")
MARKDOWN = Kind("table in Markdown", rb"\*\*.+\*\*\s")
HANDOUT = Kind(
    "handout", rb'<!DOCTYPE html>\s*<html[^>]*>\s*<head>\s*<meta name="generator" content="dep'
)
PDF = Kind("PDF", rb"%PDF-")
BILL = Kind("bill of materials", rb'\{\s*"components": \[\s*(\]|\{\s*"bom-ref")')
ARCHIVE = Kind("packed talk", rb"deployment-drift/")
SNAPSHOT = Kind("snapshot")  # which is read as a whole, and judged by what is known of the host
FOLDER = Kind("machine", rb"(?!)")  # whose folder is always new


def require(path: Path, kind: Kind, others: Iterable[Path] = ()) -> None:
    """Refuse a file to write that is there and is not of its kind, or that another option names.

    others: what the same command reads, or writes as well.
    Raises DriftError; nothing has been asked or written by then.
    """
    with _named(path):
        place = destination(path)
        if place.exists() and not place.is_file():
            return
        begin = _begin(place)
    if any(_is(each, place) for each in others):
        what = f"{path} is what another option names, and stays as it is"
        raise DriftError(what, hint="another file")
    if _is_remembered(place):
        what = f"{path} is what this program remembers, and stays as it is"
        raise DriftError(what, hint=f"a file that is not below {paths.state()}")
    if begin and kind.begins and not re.match(kind.begins, begin):
        what = f"{path} is there, is no {kind.name}, and stays as it is"
        raise DriftError(what, hint=f"another file, or remove it first: rm {path}")


def _begin(place: Path) -> bytes:
    """Return how a file begins, nothing where there is none."""
    if not place.is_file():
        return b""
    with place.open("rb") as file:
        return file.read(HEAD)


def _is(path: Path, place: Path) -> bool:
    with suppress(
        OSError, ValueError, RuntimeError
    ):  # a name that none can have, a circle of links
        return path.resolve() == place or (path.exists() and path.samefile(place))
    return False


def _is_remembered(place: Path) -> bool:
    with suppress(DriftError):
        return place.is_file() and paths.state().resolve() in place.parents
    return False


def write(path: Path, content: str | bytes, mode: int = SHARED) -> None:
    """Put a content in the place of a file; a device or a pipe is written to, never replaced.

    A link of one's own leads to the file that is replaced; somebody else's is not followed.
    Raises DriftError where that cannot be done; then all is as it was.
    """
    written = content.encode() if isinstance(content, str) else content
    with _named(path):
        place = destination(path)
        if place.exists() and not place.is_file():
            place.write_bytes(written)
        else:
            _replace(place, written, mode)


@contextmanager
def streamed(path: Path) -> Iterator[TextIO]:
    """Yield a file for what is read while it is written; DriftError where it cannot be opened."""
    with _named(path):
        file = destination(path).open("w", encoding="ascii")
    with file:
        yield file


def destination(path: Path) -> Path:
    """Return where something is written to: the path, or where a link of one's own leads.

    Raises OSError for a link that somebody else may have put there to lead us to a file.
    """
    try:
        place = path.resolve()
        circle = place.is_symlink()
    except RuntimeError:  # as Python before 3.13 calls it
        circle = True
    if circle:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    planted = path.is_symlink() and path.lstat().st_uid not in {0, os.geteuid()}
    if planted and (place.is_file() or not place.exists()):
        raise PermissionError(None, "it is a link of another user's")
    return place


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DriftError(f"{path} could not be written: {error.strerror}") from error
    except ValueError as error:  # half a character, or a null
        raise DriftError(f"{path} could not be written: no file has such a name") from error


def _replace(place: Path, content: bytes, mode: int) -> None:
    """Write beside a file under a name that nobody can guess, and move it there."""
    partial = place.with_name(f".{place.name[:100]}.{secrets.token_hex(8)}")
    opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with open(opened, "wb") as file:  # noqa: PTH123 -- of a descriptor
            _resemble(opened, place, mode)
            file.write(content)
        partial.replace(place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _resemble(opened: int, place: Path, mode: int) -> None:
    """Let who could read a file read its successor, and nobody else."""
    with suppress(OSError):
        before = place.stat()
        os.fchown(opened, before.st_uid, before.st_gid)
        os.fchmod(opened, before.st_mode & mode)
