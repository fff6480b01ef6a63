"""Finds who may log in to an exported machine: a name, and a public ssh key."""

import re
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

from deployment_drift.errors import DriftError

NAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
"""What Debian's useradd takes for a user's name."""
KEY = re.compile(r"(ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/]+=*( [^\n]*)?\n?")
USUAL = "id_ed25519.pub"
OTHERWISE = "attendee"


@dataclass(frozen=True, slots=True)
class Person:
    """Who may log in: by this name, with the private half of the key in this file."""

    name: str
    file: Path
    key: str

    @property
    def private(self) -> Path:
        """The file that ssh-keygen puts the private half into."""
        return self.file.with_suffix("")


def person(name: str = "", key: str = "") -> Person:
    """Return who may log in; without a name or a key, whoever types this.

    Raises DriftError for a name that Debian does not take, and where there is no public key.
    """
    if name and not NAME.fullmatch(name):
        what = f"{name!r} is no user's name: small letters, digits, - and _"
        raise DriftError(what, hint=f"--user {OTHERWISE}")
    file = Path(key).expanduser().absolute() if key else _usual()
    return Person(name or _own_name(), file, _read(file))


def _own_name() -> str:
    name = getuser()
    return name if NAME.fullmatch(name) else OTHERWISE


def _usual() -> Path:
    folder = Path.home() / ".ssh"
    found = sorted(folder.glob("id_*.pub"), key=lambda file: (file.name != USUAL, file.name))
    if not found:
        what = f"there is no public ssh key in {folder}, and one is needed to log in"
        raise DriftError(what, hint="ssh-keygen -t ed25519, or --key FILE")
    return found[0]


def _read(file: Path) -> str:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DriftError(f"{file} cannot be read: {getattr(error, 'strerror', error)}") from error
    if not KEY.fullmatch(text):
        hint = f"--key {file}.pub" if file.suffix != ".pub" else "ssh-keygen -t ed25519"
        raise DriftError(f"{file} is no public ssh key", hint=hint)
    return text.strip()
