"""A Docker Swarm of engines in containers: its nodes, and the hosts that run on them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

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
    from docker.models.containers import Container

STACK = "shop"
SERVICE = f"{STACK}_shop"
LIMIT = 120.0
"""Seconds that a rollout, or the roll-back of one, may take."""
PUBLISHED = 8080
_PAUSE = 0.3
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
def start(
    engine: Engine, session: Session, targets: Sequence[Target], *, keep: bool = False
) -> Iterator[Swarm]:
    """Yield a swarm of as many nodes as there are targets, empty; remove them when it ends.

    targets: as those of `nested.start`, on one network. Raises HostError if one does not come up.
    """
    with ExitStack() as running:
        opened = [nested.start(engine, session, target, keep=keep) for target in targets]
        nodes = parallel.each(lambda each, _: running.enter_context(each), opened)
        token = _found(nodes[0])
        parallel.each(partial(_join, manager=address(nodes[0]), token=token), nodes[1:])
        yield _whole(Swarm(nodes))


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


def wake(swarm: Swarm) -> Swarm:
    """Return the same swarm with the nodes that were lost, which serve again."""
    for each in swarm.nodes:
        each.outer.reload()
    nodes = [n if n.outer.status == "running" else nested.wake(n) for n in swarm.nodes]
    return _whole(Swarm(nodes))


def _whole(swarm: Swarm) -> Swarm:
    """Return a swarm as soon as each of its nodes can be given something to run."""
    here, count = partial(ready, swarm.manager.engine), len(swarm.nodes)
    late = partial(HostError, f"a swarm of {count} nodes did not get all of them ready.")
    until(lambda: here() == count, limit=LIMIT, pause=_PAUSE, late=late)
    return swarm


def ready(manager: Engine) -> int:
    """Return how many nodes of a swarm can be given something to run."""
    with engines.opened(manager) as client:
        found = [each.attrs for each in client.nodes.list()]
    return sum(
        (each["Status"]["State"], each["Spec"]["Availability"]) == ("ready", "active")
        for each in found
    )


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
                _digest(each),
                f"http://{address(node)}:{PUBLISHED}",
            )
            for each in found
        ]


def _digest(replica: "Container") -> str:
    """Return the digest by which a replica's image was pulled, where its engine says so, too."""
    told = str(replica.attrs["Config"]["Image"]).partition("@")[2]
    image = replica.image.attrs if replica.image else {}
    known = {each.partition("@")[2] for each in image.get("RepoDigests") or ()}
    return told if told in known else str(replica.attrs["Image"])
