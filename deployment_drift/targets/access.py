"""Makes a key for one session, and the ssh settings with which machines are reached by it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from deployment_drift import paths
from deployment_drift.engine import ownership, packages
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError

KEPT = "kept"
"""The file that says on which engine the machines of this key go on running."""
_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Access:
    """A session's way into its machines: a folder with a key, known hosts and ssh settings."""

    folder: Path

    @property
    def key(self) -> str:
        """The public key, as authorized_keys has it."""
        return (self.folder / "key.pub").read_text("ascii").strip()

    def address(self, port: int, host_key: str, patience: float) -> str:
        """Return the address of the machine behind a port of 127.0.0.1; trust its key.

        patience: the seconds that a command may take there.
        """
        with (self.folder / "known_hosts").open("a", encoding="ascii") as known:
            known.write(f"[127.0.0.1]:{port} {host_key}\n")
        config = quote(str(self.folder / "config"))
        return f"ssh://root@127.0.0.1:{port}?ssh_config={config}&timeout={patience:.0f}"


@contextmanager
def access(session: Session, *, kept_on: str = "") -> Iterator[Access]:
    """Yield a fresh way in; it is forgotten in the end, unless machines are kept on an engine.

    kept_on: that engine's address.
    Raises HostError where there is no ssh client.
    """
    require_client()
    forget()
    folder = _folder() / session.id
    folder.mkdir(mode=0o700, parents=True)
    try:
        _generate(folder / "key")
        settings = Path(__file__).with_name("ssh_config").read_text("utf-8")
        (folder / "config").write_text(settings.format(folder=folder), "utf-8")
        (folder / "known_hosts").touch()
        yield Access(folder)
        if kept_on:
            (folder / KEPT).write_text(kept_on, "utf-8")
    finally:
        if not (folder / KEPT).exists():
            shutil.rmtree(folder)


def require_client() -> None:
    """See that there is an ssh client: testinfra asks the machines through it."""
    if shutil.which("ssh") and shutil.which("ssh-keygen"):
        return
    if not packages.can_install():
        raise HostError(
            "There is no ssh client on this machine.", hint="apt-get install openssh-client"
        )
    packages.install(["openssh-client"])


def _folder() -> Path:
    return paths.state() / "machines"


def forget(cleaned: str = "") -> None:
    """Forget the keys of sessions that were killed, and of machines kept on a `cleaned` engine."""
    for folder in _folder().glob("*"):
        labels = {ownership.LABEL: folder.name, ownership.OWNER: ownership.owner()}
        kept_on = (folder / KEPT).read_text("utf-8") if (folder / KEPT).exists() else cleaned
        if kept_on == cleaned and ownership.is_dead(labels):
            shutil.rmtree(folder, ignore_errors=True)


def _generate(path: Path) -> None:
    kind = ["-q", "-t", "ed25519", "-N", "", "-C", "deployment-drift"]
    subprocess.run(
        ["ssh-keygen", *kind, "-f", path], check=True, capture_output=True, timeout=_LIMIT
    )
