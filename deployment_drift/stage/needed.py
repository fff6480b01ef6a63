"""Says which images a talk needs, and which of them are there."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from deployment_drift.build import bases, images
from deployment_drift.scene import Scene
from deployment_drift.targets import computers, disks

if TYPE_CHECKING:
    import docker


def needed(client: "docker.DockerClient", scenes: Iterable[Scene], root: Path) -> dict[str, str]:
    """Return the names on the engine of all that the scenes start from, "" for what is missing.

    Another CPU's images are left out: only what a scene asks for by an option needs them.
    """
    found: dict[str, str] = {}
    for scene in scenes:
        folders = [*scene.images, *([disks.FOLDER] if scene.machines else [])]
        for base in (base for folder in folders for base in images.bases_of(folder, root)):
            found[base] = base if bases.find(client, base) else ""
        if scene.machines:
            found[disks.FOLDER] = images.present(client, disks.FOLDER, root)
        found.update(built(client, scene, root))
    return found


def built(client: "docker.DockerClient", scene: Scene, root: Path) -> Iterator[tuple[str, str]]:
    """Yield what is built for a scene, with its name on the engine, "" where that is not there."""
    for folder in scene.images:
        yield folder, images.present(client, folder, root)
    for folder in scene.machines:
        yield f"machine of {folder}", disks.present(client, folder, root)
    if computers.FOLDER in scene.machines:
        yield computers.COMPUTER, computers.present(client, root)


def missing(found: Iterable[tuple[str, str]]) -> list[str]:
    """Return what is not there."""
    return [name for name, tag in found if not tag]
