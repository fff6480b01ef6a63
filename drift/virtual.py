"""The steps of scenes whose hosts are virtual machines: from images over disks to hosts."""

from collections.abc import Sequence

from drift import disks, machines
from drift.access import access
from drift.events import Found
from drift.machines import Recipe
from drift.stage import Stage
from drift.steps import Part


def make_disks(stage: Stage, folders: Sequence[str]) -> None:
    """Make a machine of each folder's image, unless it has been made before."""
    sources = [stage.built[folder] for folder in folders]
    made = disks.build_all(stage.engine, stage.session, sources, stage.progress, root=stage.root)
    for image in made:
        stage.built[image.folder] = image
        stage.tell(Found(image.folder, image.id))


def start_machines(stage: Stage, parts: Sequence[Part]) -> None:
    """Boot the machines side by side and wait until each one's web server answers."""
    recipes = [
        Recipe(part.name, stage.built[f"machine-{part.folder}"].id, web=part.port) for part in parts
    ]
    way = stage.running.enter_context(access(stage.session, keep=stage.keep))
    started = machines.start(stage.engine, stage.session, way, recipes, keep=stage.keep)
    stage.servers = [each.host for each in stage.running.enter_context(started)]
    for host in stage.servers:
        stage.tell(Found(host.name, f"{host.url}  {host.image}"))
