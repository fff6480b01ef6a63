"""What runs as the release, said once for every target: an image by its digest, and its limits."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deployment_drift.errors import DriftError
from deployment_drift.targets.target import env_file

_BY_DIGEST = re.compile(r"[^\s@]+@sha256:[0-9a-f]{64}")
_CONTINUED = re.compile(r"\\\n\s*")
_PORT = re.compile(r"^EXPOSE (\d+)$", re.MULTILINE)
_HEALTH = re.compile(r"^HEALTHCHECK .*?CMD (\[.*\])$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Release:
    """An image as it is released: read-only, without capabilities, whatever runs it.

    image: NAME@sha256:…, never a tag. env: all variables that it gets.
    user: the number that its programs run as; what somebody has set by hand may be a name.
    port: where it listens.
    health: the program, and its arguments, that ends with 0 inside a healthy container.
    memory: MiB; pids: processes, where a target can bound them; replicas: how many run.
    spool: the folder that is a volume, because orders wait there.
    """

    image: str
    env: Mapping[str, str]
    user: int | str
    port: int
    health: Sequence[str]
    memory: int
    pids: int
    replicas: int
    spool: str

    @property
    def digest(self) -> str:
        """What the registry and every engine call the image: `sha256:` and 64 digits."""
        return self.image.partition("@")[2]


def read(folder: Path, image: str) -> Release:
    """Return the release of an artifact's folder: its Dockerfile, release.env and release.toml.

    image: what a registry calls the artifact. Raises DriftError unless that is by digest.
    """
    if not _BY_DIGEST.fullmatch(image):
        what = f"{image!r} names no image by its digest, as NAME@sha256:… does; a tag can be moved"
        raise DriftError(what, hint="docker images --digests")
    said = tomllib.loads((folder / "release.toml").read_text("utf-8"))
    dockerfile = _CONTINUED.sub("", (folder / "Dockerfile").read_text("utf-8"))
    spool = said.pop("spool")
    return Release(
        image=image,
        env={**env_file(folder / "release.env"), **spool},
        port=int(_only(_PORT, dockerfile)),
        health=json.loads(_only(_HEALTH, dockerfile)),
        spool=next(iter(spool.values())),
        **said,
    )


def _only(wanted: re.Pattern[str], dockerfile: str) -> str:
    found = wanted.search(dockerfile)
    if not found:
        raise DriftError(f"container/Dockerfile has no line like {wanted.pattern}")
    return found[1]


def number(user: str | None) -> int | str:
    """Return who a target says that programs run as: a number, where it is no name."""
    return int(user or 0) if (user or "0").isdigit() else str(user)
