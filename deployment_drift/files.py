"""Writes files: whole or not at all, and never over what is not a file of one's own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from deployment_drift.errors import DriftError

PRIVATE, SHARED = 0o600, 0o666
"""Who may read a new file: its owner alone, or whoever the umask lets."""


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
    place = path.resolve()
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
