"""Three engines that are one swarm, the registry from which they pull, and a proxy in front."""

from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from deployment_drift import parallel, paths, steps
from deployment_drift.engine import engines
from deployment_drift.run import Run
from deployment_drift.scenes.ship.places import (
    IMAGES,
    REGISTRY,
    SERVED,
    measure,
    network,
    places,
    serve,
)
from deployment_drift.scenes.ship.shipping import FIRST, of
from deployment_drift.ship import registry
from deployment_drift.ship.describe import describe
from deployment_drift.ship.on_swarm import OnSwarm
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release
from deployment_drift.targets import hosts, nested, stack, swarm, throwaway
from deployment_drift.targets.nested import Nested
from deployment_drift.targets.swarm import Swarm
from deployment_drift.targets.target import Target
from deployment_drift.waiting import Patience, until

NAMES = ("node-1", "node-2", "node-3")
"""What the proxy's settings call the nodes."""
SUBJECTS = ("nodes", "sick", "lost")
COMPLETED = "completed"
LIMIT = 60.0
"""Seconds that replicas which were replaced have until they are gone."""
_PAUSE = 0.3


@dataclass
class Nodes:
    """The swarm, and the seconds that its engines took to be one."""

    swarm: Swarm = field(init=False)
    seconds: float = 0.0


def nodes(run: Run) -> Nodes:
    """Return what the steps have opened so far."""
    return run.handed(Nodes)


def open_nodes(run: Run) -> None:
    """Start three engines that are one swarm, a registry that they trust, and the proxy."""
    steps.leave_nothing(run)
    hosts.network(run.engine, run.session, "ship", keep=run.keep)
    start = perf_counter()
    image = run.built[IMAGES["engine"]].id
    targets = [Target(name, image, network=network(run)) for name in NAMES]
    opened = swarm.start(run.engine, run.session, targets, keep=run.keep)
    made = nodes(run).swarm = run.running.enter_context(opened)
    seconds = nodes(run).seconds = perf_counter() - start
    count = swarm.ready(made.manager.engine)
    run.show("one_swarm", holds=count == len(NAMES), count=count, seconds=round(seconds, 1))
    _open_registry(run, made)
    proxy = {"port": 8000, "path": "/proxy", "env": {"SETTINGS": "swarm.cfg"}}
    places(run).proxy = serve(run, "proxy", **proxy)


def _open_registry(run: Run, made: Swarm) -> None:
    places(run).registry = serve(run, "registry", **SERVED)
    with engines.opened(run.engine) as client:
        held = throwaway.of(client, places(run).registry)
        authority = throwaway.ask(held, "cat /tmp/certificate.pem").text
    for each in made.nodes:
        nested.trust(each, REGISTRY, authority)


def start_replicas(run: Run) -> None:
    """Let each node pull the artifact by its digest, and the swarm run it."""
    start = perf_counter()
    made = nodes(run).swarm
    parallel.each(partial(_pull, name=places(run).there(FIRST)), made.nodes)
    holds = deploy(run, release(run, FIRST)) == COMPLETED and runs(run, FIRST)
    seconds = nodes(run).seconds + perf_counter() - start
    measure(run, "nodes", "in_service", seconds, "s")
    replicas = swarm.hosts(made)
    run.serve(replicas)
    digest = places(run).versions[FIRST].name.digest
    run.show(
        "replicas_run",
        holds=holds,
        count=len(replicas),
        seconds=round(seconds, 1),
        digest=digest[:19],
    )


def _pull(node: Nested, _: parallel.Cancel, *, name: Name) -> None:
    with engines.opened(node.engine, limit=registry.SILENCE) as client:
        registry.pull(client, name)


def release(run: Run, version: str) -> Release:
    """Return the release of a version that was pushed."""
    return of(run, places(run).there(version))


def deploy(run: Run, told: Release) -> str:
    """Tell the swarm of a release, and return what that came to."""
    manager = nodes(run).swarm.manager.engine
    came_to = stack.deploy(manager, describe(paths.root(), "swarm", told))
    if came_to == COMPLETED:
        OnSwarm(manager).keep(told)
    return came_to


def runs(run: Run, version: str) -> bool:
    """Tell whether each replica comes to be a version, by its digest, on a node of its own."""
    made, wanted = nodes(run).swarm, release(run, version).replicas
    digest = places(run).versions[version].name.digest

    def all_are() -> bool:  # those before are still there while they answer what they began with
        found = swarm.hosts(made)
        return len({e.name for e in found}) == wanted and {e.image for e in found} == {digest}

    patience = Patience(LIMIT, partial(stack.progress, made.manager.engine))
    return until(all_are, limit=patience, pause=_PAUSE) or False
