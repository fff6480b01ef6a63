"""Installs packages of the distribution, where they are apt's and we are root."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deployment_drift.errors import DriftError

_LIMIT = 600


def can_install() -> bool:
    """Tell whether this machine's packages are apt's and may be installed by us."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(names: Sequence[str], *, optional: Sequence[str] = ()) -> None:
    """Install the packages in one go; `optional` ones only where the distribution has them.

    Raises DriftError with apt's last lines as its detail.
    """
    if not _known(names):
        _apt("update")
    present = [name for name in optional if _known([name])]
    try:
        _apt("install", *names, *present)
    except DriftError:
        _apt("update")  # what is listed may have left the mirror since
        _apt("install", *names, *present)


def _known(names: Sequence[str]) -> bool:
    done = subprocess.run(
        ["apt-cache", "show", "--no-all-versions", *names],
        capture_output=True,
        timeout=_LIMIT,
        check=False,
    )
    return done.returncode == 0


def _apt(verb: str, *names: str) -> None:
    done = subprocess.run(
        ["apt-get", verb, "-y", "-q", "--no-install-recommends", *names],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_LIMIT,
        check=False,
    )
    if done.returncode:
        raise DriftError(
            f"apt-get {verb} failed{' for ' + ', '.join(names) if names else ''}.",
            hint=f"apt-get {verb} {' '.join(names)}".strip(),
            detail="\n".join(done.stdout.splitlines()[-8:]),
        )


def wants_apparmor() -> bool:
    """Tell whether the kernel has AppArmor on, and what loads an engine's profile is missing."""
    enabled = Path("/sys/module/apparmor/parameters/enabled")
    return (
        enabled.exists()
        and enabled.read_text(encoding="ascii").startswith("Y")
        and shutil.which("apparmor_parser") is None
    )
