"""Looks whether the engine's disk has room, before something big is made on it."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from deployment_drift.errors import DriftError
from deployment_drift.paths import typed

if TYPE_CHECKING:
    import docker

MIB = 2**20


class SpaceError(DriftError):
    """Too little room on the engine's disk."""


def require(client: "docker.DockerClient", needed: int) -> None:
    """Raise SpaceError unless `needed` bytes are free; an engine elsewhere cannot be asked."""
    folder = Path(client.info()["DockerRootDir"])
    free = shutil.disk_usage(folder).free if folder.is_dir() else needed
    if free < needed:
        raise SpaceError(
            f"Only {free // MIB} MiB are free at {folder}; {needed // MIB} MiB are needed.",
            hint=f"{typed('clean')}, or docker system df",
        )
