"""Writes entries of tar: as plain as can be, so that the same content is always the same bytes."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path


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
