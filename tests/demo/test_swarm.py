"""A swarm of three engines in containers: rolled out, rolled back, and one node lost."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from threading import Event, Thread
from time import sleep
from typing import Any

import docker
import pytest
from docker.models.containers import Container
from docker.types import ServiceMode, UpdateConfig

from deployment_drift import parallel, paths
from deployment_drift.build import bases, images
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.ship import registry
from deployment_drift.ship.describe import describe
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release, read
from deployment_drift.targets import hosts, nested, swarm, throwaway
from deployment_drift.targets.nested import Nested
from deployment_drift.targets.swarm import Swarm
from deployment_drift.targets.target import Target
from deployment_drift.waiting import until
from tests.demo.conftest import Ended, Invoke

ROOT = paths.root()
CERTIFICATE = "/tmp/certificate.pem"  # noqa: S108 -- in the registry's container
FOLDERS = ("container", "images/registry", nested.FOLDER)


@dataclass(frozen=True)
class Played:
    """A release that a swarm runs."""

    swarm: Swarm
    release: Release

    def deploy(self, release: Release) -> str:
        """Tell the swarm of a release, and return what that came to."""
        return swarm.deploy(self.swarm.manager.engine, describe(ROOT, "swarm", release))


@pytest.fixture(scope="module")
def played(engine: Engine, docker_client: docker.DockerClient) -> Iterator[Played]:
    """Give the release on three nodes, by the digest that a registry has given it."""
    quiet: Any = lambda *_: None  # noqa: E731
    bases.prepare(engine, ["debian:trixie-slim"], quiet)
    shop, shelf, node = images.build_all(engine, FOLDERS, quiet, root=ROOT)
    with ownership.session() as session, ExitStack() as running:
        running.callback(leftovers.remove_session, engine, session.id)
        network = hosts.network(engine, session, "swarm")
        one = hosts.options(docker_client, Target("registry", "", network=network, port=5000))
        held = throwaway.container(docker_client, session, shelf.id, name="registry", **one)
        kept = running.enter_context(held)
        name = Name(published(kept), "shop", "1")
        moved = registry.push(docker_client, shop.id, name)
        docker_client.api.remove_image(str(name))
        nodes = [Target(f"node-{number}", node.id, network=network) for number in (1, 2, 3)]
        made = running.enter_context(swarm.start(engine, session, nodes))
        authority = throwaway.ask(kept, f"cat {CERTIFICATE}").text
        for each in made.nodes:
            nested.trust(each, "registry:5000", authority)
        there = Name("registry:5000", "shop", digest=moved.name.digest)
        parallel.each(partial(fetch, name=there), made.nodes)
        result = Played(made, read(ROOT / "container", str(there)))
        assert result.deploy(result.release) == "completed"
        yield result


def published(held: Container) -> str:
    """Return where a registry in a container is reached, as soon as it listens."""
    listens = "bash -c '</dev/tcp/127.0.0.1/5000'"
    assert until(lambda: throwaway.ask(held, listens).done, limit=30, pause=0.2)
    held.reload()
    (port,) = held.ports["5000/tcp"] or []
    return f"127.0.0.1:{port['HostPort']}"


def fetch(node: Nested, _: parallel.Cancel, *, name: Name) -> None:
    """Let a node pull an image by its digest."""
    with engines.opened(node.engine, limit=300) as client:
        registry.pull(client, name)


@dataclass
class Traffic:
    """Requests that are sent on to the next node where one does not take them, as a proxy does."""

    urls: list[str]
    answered: int = 0
    lost: int = 0


@contextmanager
def traffic(swarmed: Swarm) -> Iterator[Traffic]:
    """Ask for the shop's pages while the block runs, each on the nodes in turn."""
    made = Traffic([f"{swarm.address(node)}:{swarm.PUBLISHED}" for node in swarmed.nodes])
    ended = Event()

    def ask() -> None:
        turn = cycle(range(len(made.urls)))
        while not ended.is_set():
            first = next(turn)
            order = made.urls[first:] + made.urls[:first]
            answered = any(answers(url) for url in order)
            made.answered += answered
            made.lost += not answered
            sleep(0.05)

    thread = Thread(target=ask)
    thread.start()
    try:
        yield made
    finally:
        ended.set()
        thread.join()


def answers(url: str) -> bool:
    """Tell whether a node answers with a page."""
    with closing(HTTPConnection(url, timeout=10)) as connection:
        try:
            connection.request("GET", "/health.php")
            return connection.getresponse().read() == b"ok"
        except (OSError, HTTPException):
            return False


def test_each_replica_is_the_digest(played: Played, docker_client: docker.DockerClient) -> None:
    """Replicas run on nodes of their own, and each is the very image that was built here."""
    found = swarm.hosts(played.swarm)
    assert len({host.name for host in found}) == played.release.replicas
    tags = docker_client.images.list("deployment-drift/container")
    assert {host.image for host in found} <= {image.id for image in tags}
    assert all(answers(host.url.partition("://")[2]) for host in found)


def test_replicas_are_at_parity(played: Played, invoke: Invoke) -> None:
    """Two replicas on two nodes differ in what their nodes give them, and in nothing else."""
    first, second = (host.address for host in swarm.hosts(played.swarm))
    allowed = str(ROOT / "deploy" / "allowed.toml")
    words = ["--local", first, "--release", second, "--expect", "php,web", "--json"]
    report = invoke("compare", *words, "--allowed", allowed).document(0)
    assert report["verdict"] == "parity"


def shipped(played: Played, invoke: Invoke, *words: str) -> Ended:
    """Run a command of ship's on the swarm."""
    manager = played.swarm.manager.engine
    where = ("--target", "swarm", "--to", manager.context, "--yes")
    return invoke(*words, *where, DOCKER_CONFIG=manager.config)


def scale(manager: Engine, replicas: int) -> None:
    """Change by hand how many replicas run; the swarm would take it back where one ends slowly."""
    mode, on = ServiceMode("replicated", replicas), UpdateConfig(failure_action="continue")
    with engines.opened(manager) as client:
        found = client.services.get(swarm.SERVICE)  # type: ignore[no-untyped-call]
        client.api.update_service(
            found.id, found.version, mode=mode, update_config=on, fetch_current_spec=True
        )


def test_a_change_by_hand_is_named_first(played: Played, invoke: Invoke) -> None:
    """Somebody has scaled the service: a release says so first, and else puts that right."""
    manager, release = (
        played.swarm.manager.engine,
        ("ship.release", "--image", played.release.image),
    )
    scale(manager, 1)
    assert "replicas: told 2, now 1" in shipped(played, invoke, *release).expect(1)
    shipped(played, invoke, *release, "--anyway").expect(0)
    assert "already" in shipped(played, invoke, *release).err
    assert until(lambda: len(swarm.hosts(played.swarm)) == 2, limit=30, pause=0.3)


def test_a_changed_variable_is_rolled_out(played: Played) -> None:
    """A new version replaces the old one, and no request is lost meanwhile."""
    newer = replace(played.release, env={**played.release.env, "SHOP_NEW": "1"})
    with traffic(played.swarm) as sent:
        assert played.deploy(newer) == "completed"
    assert sent.answered
    assert sent.lost == 0


def test_a_sick_version_is_rolled_back(played: Played) -> None:
    """A version that never becomes healthy is taken back, and no request meets it."""
    before = {host.image for host in swarm.hosts(played.swarm)}
    sick = replace(played.release, health=["php", "-r", "exit(1);"])
    with traffic(played.swarm) as sent:
        assert played.deploy(sick) == "rollback_completed"
    assert sent.answered
    assert sent.lost == 0
    assert {host.image for host in swarm.hosts(played.swarm)} == before


def test_a_lost_node_s_replica_is_moved(played: Played) -> None:
    """A node is killed: its replica starts on another one, and no request is lost."""
    lost = next(
        node
        for node in played.swarm.nodes[1:]
        if any(host.name == node.engine.context for host in swarm.hosts(played.swarm))
    )
    left = Swarm([node for node in played.swarm.nodes if node is not lost])
    with traffic(played.swarm) as sent:
        lost.outer.kill()
        moved = until(
            lambda: len(swarm.hosts(left)) == played.release.replicas, limit=60, pause=0.5
        )
    assert moved
    assert sent.answered
    assert sent.lost == 0


def test_it_is_taken_down(played: Played, invoke: Invoke) -> None:
    """One command takes the stack away, also after a node was lost; the orders stay."""
    assert "_spool" in shipped(played, invoke, "ship.take-down").expect(0)
    assert swarm.service(played.swarm.manager.engine) is None
