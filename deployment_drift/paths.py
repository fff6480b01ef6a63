"""Says where things are: the repository, and what is remembered outside of it."""

from pathlib import Path

from deployment_drift.errors import DriftError

PACK = ".pack"
"""The folder of the checkout with what an archive has brought: wheels, packages, images."""


def root() -> Path:
    """Return the repository's folder, which holds the environments and `app/`."""
    return Path(__file__).resolve().parent.parent


def typed(command: str) -> str:
    """Return what can be typed for a command here: in a checkout, or where it is installed."""
    script = root() / "invoke"
    if not script.is_file():
        return f"deployment-drift {command}"
    return f"{'./invoke' if Path.cwd() == root() else script} {command}"


def checks() -> Path:
    """Return the folder of this project's own checks, which lies in the package once installed."""
    installed = Path(__file__).with_name("checks")
    return installed if installed.is_dir() else root() / "tests" / "parity"


def state() -> Path:
    """Return this user's state folder by the XDG rules, made on demand for them alone.

    Raises DriftError where there cannot be one.
    """
    from platformdirs import user_state_path

    folder = user_state_path("deployment-drift", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = f"there can be no state folder {folder}: {error.strerror}"
        raise DriftError(what, hint="set XDG_STATE_HOME to a folder of your own") from error
    return folder
