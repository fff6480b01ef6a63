"""Looks whether a checkout's `.venv` is still as it was installed, and makes it anew where not."""

import csv
import marshal
import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from deployment_drift import paths

ANEW = "DRIFT_MADE_ANEW"
"""The variable that says that an environment has just been made anew: once is enough."""


HEAD = 16
"""Bytes of version, date and size in front of what is compiled."""


def folder() -> Path:
    """Return where ./invoke keeps its environment."""
    return paths.root() / ".venv"


def damage() -> str:
    """Return a file of the environment that is not as it was installed, "" for none."""
    sites = folder().glob("lib/*/site-packages") if Path(sys.prefix) == folder() else ()
    found = (str(file.relative_to(paths.root())) for site in sites for file in _damaged(site))
    return next(found, "")


def _damaged(site: Path) -> Iterator[Path]:
    from importlib.metadata import distributions

    for package in distributions(path=[str(site)]):
        # from Python 3.12 on, `package.files` leaves out the files that are gone
        for row in csv.reader((package.read_text("RECORD") or "").splitlines()):
            name, digest, *_ = (*row, "", "")  # the list itself may be cut off
            if digest and _digest(site / name) != digest.partition("=")[2]:
                yield site / name


def _digest(file: Path) -> str:
    """Return a file's digest as wheels have it, "" where it cannot be read."""
    with suppress(OSError):
        return urlsafe_b64encode(sha256(file.read_bytes()).digest()).decode().rstrip("=")
    return ""


def forget_compiled() -> str:
    """Remove what Python has compiled and cannot read any more; return one such file, "" for none.

    Python itself compiles anew what has another date or version, and trusts all else.
    """
    places = (paths.root() / "deployment_drift", folder() / "lib")
    name = f"*.{sys.implementation.cache_tag}*.pyc"
    forgotten = [file for place in places for file in place.rglob(name) if _forgotten(file)]
    return str(forgotten[0].relative_to(paths.root())) if forgotten else ""


def _forgotten(file: Path) -> bool:
    with suppress(OSError):
        try:
            marshal.loads(file.read_bytes()[HEAD:])  # noqa: S302 -- what an import does
        except (EOFError, ValueError, TypeError):
            file.unlink()
            return True
    return False


def outdate() -> bool:
    """Let the next ./invoke make the environment anew; tell whether it will."""
    with suppress(OSError):
        (folder() / "requirements.txt").unlink()
        return True
    return False


def mend() -> None:
    """Run what was typed once more where that helps: what is damaged is gone then."""
    option, *typed = sys.argv[1:2], *sys.argv[3:]
    if option != ["--search-root"] or os.environ.get(ANEW):
        return
    if (found := damage()) and outdate():
        _again(f"{found} is not as it was installed: .venv is made anew", typed)
    elif found := forget_compiled():
        _again(f"{found} cannot be read: it is compiled anew", typed)


def _again(why: str, typed: list[str]) -> None:
    sys.stderr.write(f"{why}\n")
    script, path = str(paths.root() / "invoke"), f"{folder()}/bin:"  # that may be gone soon
    told = {**os.environ, "PATH": os.environ["PATH"].removeprefix(path), ANEW: "1"}
    os.execve(script, [script, *typed], told)  # noqa: S606 -- ours
