"""Installs packages of the distribution, where they are apt's and we are root."""

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from deployment_drift import paths
from deployment_drift.errors import DriftError
from deployment_drift.waiting import until

_LIMIT = 600
PATIENCE = 300
"""Seconds for which another program that installs, or fetches lists, is waited for."""
_PAUSE = 1.0
_LOCKED = "E: Could not get lock"


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


def release() -> str:
    """Return what this machine's distribution calls this release, as `debian 12`."""
    told = platform.freedesktop_os_release()
    return f"{told.get('ID', '')} {told.get('VERSION_ID', '')}".strip()


def download(names: Sequence[str], folder: Path, *, optional: Sequence[str] = ()) -> list[Path]:
    """Fetch packages with all that they need on a bare machine, and make a source of the folder.

    Returns the files, none where this machine's packages are not apt's.
    """
    folder.mkdir()
    if not can_install():
        return []
    present = [name for name in optional if _known([name])]
    with TemporaryDirectory() as made:
        status = Path(made, "status")
        status.touch()  # nothing is installed there
        (folder / "partial").mkdir()
        options = [f"Dir::State::status={status}", f"Dir::Cache::archives={folder}/"]
        options += ["APT::Sandbox::User=root"]
        set_to = [word for option in options for word in ("-o", option)]
        _apt("install", "--download-only", *set_to, *names, *present)
    (folder / "partial").rmdir()
    (folder / "lock").unlink(missing_ok=True)
    found = sorted(folder.glob("*.deb"))
    (folder / "Packages").write_text("\n".join(map(_described, found)), "utf-8")
    return found


def _described(file: Path) -> str:
    """Return what an index of packages says of one."""
    words = ["dpkg-deb", "--field", str(file)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    size = file.stat().st_size
    return f"{told.rstrip()}\nFilename: ./{file.name}\nSize: {size}\nSHA256: {digest}\n"


def offer(folder: Path, *, usable: bool) -> None:
    """Let later installations come from a folder of packages alone, if they are of this release."""
    settings = _settings(folder)
    if not usable or not (folder / "Packages").is_file():
        settings.unlink(missing_ok=True)
        return
    (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(f"deb [trusted=yes] file:{folder} ./\n")
    settings.write_text(
        f'Dir::Etc::sourcelist "{folder}/sources.list";\n'
        'Dir::Etc::sourceparts "-";\n'
        f'Dir::State::lists "{folder}/lists";\n'
    )


def _settings(folder: Path) -> Path:
    return folder / "apt.conf"


def _environment() -> dict[str, str]:
    """Return the environment for apt: what was offered is taken instead of a mirror's."""
    settings = _settings(paths.root() / paths.PACK / "packages")
    offered = {"APT_CONFIG": str(settings)} if settings.is_file() else {}
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", **offered}


def _known(names: Sequence[str]) -> bool:
    done = subprocess.run(
        ["apt-cache", "show", "--no-all-versions", *names],
        env=_environment(),
        capture_output=True,
        timeout=_LIMIT,
        check=False,
    )
    return done.returncode == 0


def _apt(verb: str, *names: str) -> None:
    tried: list[subprocess.CompletedProcess[str]] = []

    def unlocked() -> bool:  # for its lists, apt itself does not wait
        tried.append(_run(verb, *names))
        return _LOCKED not in tried[-1].stdout

    until(unlocked, limit=PATIENCE, pause=_PAUSE)
    if tried[-1].returncode:
        raise DriftError(
            f"apt-get {verb} failed{' for ' + ', '.join(names) if names else ''}.",
            hint=f"apt-get {verb} {' '.join(names)}".strip(),
            detail="\n".join(tried[-1].stdout.splitlines()[-8:]),
        )


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    verb, *others = words
    patient = f"-oDPkg::Lock::Timeout={PATIENCE}"
    return subprocess.run(
        ["apt-get", verb, "-y", "-q", "--no-install-recommends", patient, *others],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_LIMIT,
        check=False,
    )


def wants_apparmor() -> bool:
    """Tell whether the kernel has AppArmor on, and what loads an engine's profile is missing."""
    enabled = Path("/sys/module/apparmor/parameters/enabled")
    return (
        enabled.exists()
        and enabled.read_text(encoding="ascii").startswith("Y")
        and shutil.which("apparmor_parser") is None
    )
