"""Honesty, with two steps more: the artifact for another architecture, and one name for both."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from deployment_drift.build import images, names
from deployment_drift.build.images import Image
from deployment_drift.engine import engines
from deployment_drift.run import Run
from deployment_drift.scene import Step
from deployment_drift.scenes.architecture.index import REGISTRY, show_index
from deployment_drift.scenes.limits import SCENE as LIMITS
from deployment_drift.scenes.limits.architecture import borrowed
from deployment_drift.targets import throwaway
from deployment_drift.targets.emulation import NoEmulationError
from deployment_drift.targets.hosts import HARDENED

if TYPE_CHECKING:
    import docker

FOLDER = "container"
ASK = ["php", "-r", 'echo PHP_VERSION, " ", php_uname("m");']
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
"""What Linux calls the CPUs that engines call so."""


def show_architecture(run: Run) -> None:
    """Build the artifact for the CPU that this machine does not have, and run it."""
    cpu = names.other(run.engine.architecture)
    with engines.opened(run.engine) as client:
        try:
            with borrowed(run, client) as held:
                held.tell("on")
                image = run.built[f"{FOLDER}@{cpu}"] = _build(run, f"{FOLDER}@{cpu}")
                php, machine = _ask(run, client, image)
        except NoEmulationError as error:
            run.show("architecture_impossible", holds=None, reason=error.what)
            return
        built = client.images.get(image.id).attrs
        holds = (built["Architecture"], machine) == (cpu, MACHINES[cpu])
        architecture = f"{built['Os']}/{built['Architecture']}"
        run.show("architecture_runs", holds=holds, architecture=architecture, machine=machine)
        _tell(run, client, image, php)


def _build(run: Run, name: str) -> Image:
    (made,) = images.build_with_bases(run.engine, [name], run.progress, root=run.root)
    return made


def _ask(run: Run, client: "docker.DockerClient", image: Image) -> tuple[str, str]:
    """Return the version of PHP in an image and what it takes the machine for, "" if it fails."""
    options = {**HARDENED, "network_mode": "none"}
    with throwaway.container(client, run.session, image.id, ASK, name="php", **options) as one:
        answer = throwaway.ended(one)
    php, _, machine = answer.text.partition(" ") if answer.done else ("", "", "")
    return php, machine


def _tell(run: Run, client: "docker.DockerClient", image: Image, php: str) -> None:
    """Set the second image beside the first one."""
    first = run.built[FOLDER]
    here, _ = _ask(run, client, first)
    if not php or php == here:
        run.show("architecture_php", holds=bool(php), php=php)
    else:  # the packages were others that day, which says nothing about CPUs
        run.show("architecture_php_drifts", holds=None, here=here, there=php)
    run.show("architecture_image", holds=image.id != first.id, here=first.id, there=image.id)


def _steps() -> Iterator[tuple[str, Step]]:
    for name, step in LIMITS.steps.items():
        yield name, step
        if name == "cpu":
            yield "architecture", show_architecture
            yield "index", show_index


SCENE = replace(
    LIMITS,
    name="architecture",
    steps=dict(_steps()),
    order=80,
    command="demo-limits --both-cpus",
    images=(*LIMITS.images, REGISTRY),
    other_architecture=(FOLDER,),
)
