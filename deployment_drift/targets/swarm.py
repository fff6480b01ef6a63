"""A Docker Swarm of engines in containers: it is told of a release, and gives its hosts."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from os import environ
from typing import TYPE_CHECKING, Any

from deployment_drift import parallel
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.records import Host
from deployment_drift.targets import nested
from deployment_drift.targets.nested import Nested
from deployment_drift.targets.target import Target
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

STACK = "shop"
SERVICE = f"{STACK}_shop"
LIMIT = 120.0
"""Seconds that a rollout, or the roll-back of one, may take."""
PUBLISHED = 8080
_PAUSE = 0.3
_AS_TOLD = ("--resolve-image", "never", "-c", "-")
_HEARTBEAT = 2 * 10**9
"""Nanoseconds between two signs of life: a node that is lost is noticed in a few of them."""


@dataclass(frozen=True, slots=True)
class Swarm:
    """Engines that are one swarm; the first of its `nodes` is its only manager."""

    nodes: Sequence[Nested]

    @property
    def manager(self) -> Nested:
        """The node that is told what to run."""
        return self.nodes[0]


@contextmanager
def start(engine: Engine, session: Session, targets: Sequence[Target]) -> Iterator[Swarm]:
    """Yield a swarm of as many nodes as there are targets, empty; remove them when it ends.

    targets: as those of `nested.start`, on one network. Raises HostError if one does not come up.
    """
    with ExitStack() as running:
        opened = [nested.start(engine, session, target) for target in targets]
        nodes = [running.enter_context(each) for each in opened]
        token = _found(nodes[0])
        parallel.each(partial(_join, manager=address(nodes[0]), token=token), nodes[1:])
        yield Swarm(nodes)


def address(node: Nested) -> str:
    """Return where the other nodes, and whoever is on their engine's machine, reach a node."""
    node.outer.reload()
    (network,) = node.outer.attrs["NetworkSettings"]["Networks"].values()
    return str(network["IPAddress"])


def _found(manager: Nested) -> str:
    """Make a swarm of one node, and return what lets others join."""
    with engines.opened(manager.engine) as client:
        client.swarm.init(advertise_addr=address(manager), dispatcher_heartbeat_period=_HEARTBEAT)
        client.swarm.reload()
        return str(client.swarm.attrs["JoinTokens"]["Worker"])


def _join(node: Nested, _: parallel.Cancel, *, manager: str, token: str) -> None:
    with engines.opened(node.engine) as client:
        client.swarm.join([f"{manager}:2377"], token, advertise_addr=address(node))


def deploy(manager: Engine, description: str) -> str:
    """Tell a swarm what to run, and return what that came to: `completed`, `rollback_completed`.

    description: a stack file. Nodes pull as who has logged in here. Raises HostError where it is
    refused, or takes too long.
    """
    before = _state(manager)
    _stack(manager, "deploy", "--with-registry-auth", *_AS_TOLD, STACK, given=description)
    return until(
        partial(_came_to, manager, before), limit=LIMIT, pause=_PAUSE, late=partial(_late, manager)
    )


def remove(manager: Engine) -> None:
    """Take the stack away, and come back when nothing of it runs; its volumes stay."""
    _stack(manager, "rm", STACK)
    until(lambda: service(manager) is None, limit=LIMIT, pause=_PAUSE)


def _stack(manager: Engine, *words: str, given: str = "") -> None:
    told = subprocess.run(
        ["docker", "stack", *words],
        input=given,
        capture_output=True,
        text=True,
        env={**environ, "DOCKER_HOST": "", **manager.environment},  # which a context gives way to
        check=False,
    )
    if told.returncode:
        raise HostError(f"The swarm refused the {STACK}.", detail=told.stderr[-2000:])


def service(manager: Engine) -> dict[str, Any] | None:
    """Return what a swarm says of its service; None where it has none."""
    import docker

    with engines.opened(manager) as client:
        try:
            return dict(_service(client).attrs)
        except docker.errors.NotFound:
            return None


def _state(manager: Engine) -> dict[str, Any]:
    """Return what the service says of its last update; {} where there was none, or no service."""
    return (service(manager) or {}).get("UpdateStatus") or {}


def _service(client: "docker.DockerClient") -> Any:  # noqa: ANN401 -- the SDK's, which has no types
    return client.services.get(SERVICE)  # type: ignore[no-untyped-call]


def _came_to(manager: Engine, before: dict[str, Any]) -> str:
    """Return how an update that was not there before has ended, "" while it goes on."""
    now = _state(manager)
    if now and now != before:
        return "" if now["State"] in {"updating", "rollback_started"} else str(now["State"])
    return "completed" if _settled(manager) and not before else ""


def _settled(manager: Engine) -> bool:
    """Whether as many replicas run as were asked for, and no others."""
    with engines.opened(manager) as client:
        found = _service(client)
        wanted = found.attrs["Spec"]["Mode"]["Replicated"]["Replicas"]
        tasks = found.tasks(filters={"desired-state": "running"})
    return [task["Status"]["State"] for task in tasks] == ["running"] * wanted


def _late(manager: Engine) -> HostError:
    with engines.opened(manager) as client:
        tasks = _service(client).tasks()
    said = [f"{each['Status']['State']}: {each['Status'].get('Err', '')}" for each in tasks]
    now = _state(manager).get("State", "new")
    what = f"The swarm had not finished within {LIMIT:.0f} s: {now}."
    return HostError(what, detail="\n".join(said))


def hosts(swarm: Swarm) -> list[Host]:
    """Return the replicas that run on the nodes that answer, in the order of their nodes."""
    return [host for node in swarm.nodes for host in _on(node)]


def _on(node: Nested) -> list[Host]:
    where = node.engine
    with engines.opened(where) as client:
        found: list[Container] = client.containers.list(
            filters={"label": f"com.docker.swarm.service.name={SERVICE}", "health": "healthy"}
        )
        return [
            Host(
                where.context,
                where.address(str(each.id)),
                each.attrs["Image"],
                f"http://{address(node)}:{PUBLISHED}",
            )
            for each in found
        ]
