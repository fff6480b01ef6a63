"""Says where things are: the repository, and what is remembered outside of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deployment_drift.errors import DriftError

PACK = ".pack"
"""The folder of the checkout with what an archive has brought: wheels, packages, images."""

PROJECT = "drift.toml"
"""A team's project file, which is read in the present folder without being named."""


def root() -> Path:
    """Return the repository's folder, which holds the environments and `app/`."""
    return Path(__file__).resolve().parent.parent


def typed(command: str) -> str:
    """Return what can be typed for a command here: in a checkout, or where it is installed."""
    script = root() / "invoke"
    if not script.is_file():
        return f"deployment-drift {command}"
    here = None
    with suppress(FileNotFoundError):  # somebody has removed the folder in which we are
        here = Path.cwd()
    return f"{'./invoke' if here == root() else script} {command}"


def checks() -> Path:
    """Return the folder of this project's own checks, which lies in the package once installed."""
    installed = Path(__file__).with_name("checks")
    return installed if installed.is_dir() else root() / "tests" / "parity"


def state() -> Path:
    """Return this user's state folder by the XDG rules, made on demand for them alone.

    Raises DriftError where there cannot be one.
    """
    folder = _state()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = f"there can be no state folder {folder}: {error.strerror}"
        raise DriftError(what, hint="set XDG_STATE_HOME to a folder of your own") from error
    return folder


@contextmanager
def unmade() -> Iterator[None]:
    """Let no folder come of the block, which only asks: an empty state folder goes again."""
    folder = _state()
    made = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    try:
        yield
    finally:
        for each in made:
            with suppress(OSError):  # somebody has put something there
                each.rmdir()


def _state() -> Path:
    from platformdirs import user_state_path

    return user_state_path("deployment-drift", appauthor=False)
