"""Shows that the artifact can be built for another CPU: from the same Dockerfile, as an image."""

from typing import TYPE_CHECKING

from drift.engine import engines
from drift.make import bases, images, names
from drift.make.images import Image
from drift.run import throwaway
from drift.run.hosts import HARDENED
from drift.scenes.limits.emulation import NoEmulationError
from drift.scenes.limits.foreign import borrowed
from drift.stage import Stage

if TYPE_CHECKING:
    import docker

FOLDER = "container"
ASK = ["php", "-r", 'echo PHP_VERSION, " ", php_uname("m");']
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
"""What Linux calls the CPUs that engines call so."""


def show_second(stage: Stage) -> None:
    """Build the artifact for the CPU that this machine does not have, and run it."""
    cpu = names.other(stage.engine.architecture)
    with engines.opened(stage.engine) as client:
        try:
            with borrowed(stage, client) as held:
                held.tell("on")
                image = _build(stage, f"{FOLDER}@{cpu}")
                php, machine = _ask(stage, client, image)
        except NoEmulationError as error:
            stage.show("second_impossible", holds=None, reason=error.what)
            return
        built = client.images.get(image.id).attrs
        holds = (built["Architecture"], machine) == (cpu, MACHINES[cpu])
        architecture = f"{built['Os']}/{built['Architecture']}"
        stage.show("second_cpu", holds=holds, architecture=architecture, machine=machine)
        _tell(stage, client, image, php)


def _build(stage: Stage, name: str) -> Image:
    bases.prepare(stage.engine, images.bases_of(name, stage.root), stage.progress)
    return images.build(stage.engine, name, stage.progress, root=stage.root)


def _ask(stage: Stage, client: "docker.DockerClient", image: Image) -> tuple[str, str]:
    """Return the version of PHP in an image and what it takes the machine for, "" if it fails."""
    options = {**HARDENED, "network_mode": "none"}
    with throwaway.container(client, stage.session, image.id, ASK, **options) as one:
        answer = throwaway.ended(one)
    php, _, machine = answer.text.partition(" ") if answer.done else ("", "", "")
    return php, machine


def _tell(stage: Stage, client: "docker.DockerClient", image: Image, php: str) -> None:
    """Set the second image beside the first one."""
    first = stage.built[FOLDER]
    here, _ = _ask(stage, client, first)
    if not php or php == here:
        stage.show("second_php", holds=bool(php), php=php)
    else:  # the packages were others that day, which says nothing about CPUs
        stage.show("second_php_drifts", holds=None, here=here, there=php)
    stage.show("second_image", holds=image.id != first.id, here=first.id, there=image.id)
