"""Gives the artifacts of two CPUs one name in a registry, of which each engine takes its own."""

from functools import partial
from typing import TYPE_CHECKING

from deployment_drift.build import names
from deployment_drift.engine import engines
from deployment_drift.run import Run
from deployment_drift.scenes.ship.places import IMAGES, PATH, SERVED
from deployment_drift.scenes.ship.shipping import ARTIFACT
from deployment_drift.ship import index, registry
from deployment_drift.ship.registry import Name
from deployment_drift.targets import hosts
from deployment_drift.targets.target import Target

if TYPE_CHECKING:
    import docker

REGISTRY = IMAGES["registry"]
TAKEN = ("taken_here", "taken_there")


def show_index(run: Run) -> None:
    """Push both artifacts under one name, and see what an engine takes for each CPU."""
    here = run.engine.architecture
    built = {here: run.built[ARTIFACT].id}
    if image := run.built.get(f"{ARTIFACT}@{names.other(here)}"):
        built[names.other(here)] = image.id
    if len(built) == 1:  # nothing can be emulated here, which has been said
        return
    target = Target("registry", run.built[REGISTRY].id, hardened=True, **SERVED)  # type: ignore[arg-type]
    # it stays until the scene ends: to stop it would stop all that the session has started
    (host,) = run.running.enter_context(hosts.start(run.engine, run.session, [target]))
    with engines.opened(run.engine, limit=registry.SILENCE) as client:
        name = Name(host.url.partition("://")[2], PATH, "both")
        made = index.push(client, built, name, partial(run.progress, "registry"))
        _show(run, client, made, built)


def _show(run: Run, client: "docker.DockerClient", made: Name, built: dict[str, str]) -> None:
    digest, platforms = registry.look_up(client, made)
    holds = digest == made.digest and set(platforms) == {f"linux/{cpu}" for cpu in built}
    run.show("one_name", holds=holds, digest=made.digest[:19], count=len(platforms))
    for which, cpu in zip(TAKEN, built, strict=True):
        with registry.names_kept(client, built[cpu], made):
            registry.pull(client, made, platform=f"linux/{cpu}")
            taken = str(client.images.get(str(made)).id)
        run.show(which, holds=taken == built[cpu], cpu=cpu, image=taken[:19])
