"""Targets beside each other: seconds to the first answer, to an update and back, and without any.

Each is an engine in a container of this one, and has pulled both versions: python -m bench.targets
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter
from typing import Any
from urllib.request import urlopen

import docker
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.build import bases, images
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.ship import registry
from deployment_drift.ship.on_engine import OnEngine
from deployment_drift.ship.on_podman import Podman
from deployment_drift.ship.on_swarm import OnSwarm
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release, read
from deployment_drift.ship.rollout import Target as ShipsTo
from deployment_drift.targets import hosts, nested, swarm, throwaway
from deployment_drift.targets.nested import Nested
from deployment_drift.targets.target import Target
from deployment_drift.waiting import until

ROOT = paths.root()
PAGE = ROOT / "docs" / "ship" / "targets.md"
SHELF = "registry:5000"
PAUSE = 0.01


@dataclass
class Watched:
    """Whether somebody answers at any of these addresses, and the longest time that nobody did."""

    urls: Sequence[str]
    since: float = field(default_factory=perf_counter)
    first: float = 0.0
    longest: float = 0.0
    ended: Event = field(default_factory=Event)

    def look(self) -> None:
        """Ask until it ends."""
        while not self.ended.is_set():
            if any(map(answers, self.urls)):
                now = perf_counter()
                self.longest = max(self.longest, now - self.since) if self.first else 0.0
                self.first, self.since = self.first or now, now
            self.ended.wait(PAUSE)


def answers(url: str) -> bool:
    """Tell whether the shop answers."""
    try:
        with urlopen(url, timeout=2) as said:  # noqa: S310 -- our own addresses
            return bool(said.read() == b"ok")
    except OSError:
        return False


@contextmanager
def watched(urls: Sequence[str]) -> Iterator[Watched]:
    """Ask at these addresses while the block runs."""
    made = Watched(urls)
    thread = Thread(target=made.look)
    thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        thread.join()


@dataclass(frozen=True)
class Place:
    """A target, and where what it runs answers."""

    name: str
    target: ShipsTo
    urls: Sequence[str]

    def row(self, versions: Sequence[Release]) -> str:
        """Release one version, then the other, then the first again; return the table's row."""
        first, second = versions
        with watched(self.urls) as at:
            start = perf_counter()
            self.target.roll_out(first)
            until(lambda: at.first, limit=30, pause=PAUSE)
            up = at.first - start
            update, back = (timed(partial(self.target.roll_out, each)) for each in (second, first))
        self.target.take_down()
        figures = (up, update, back, at.longest)
        return f"| {self.name} | {' | '.join(f'{each:.1f}' for each in figures)} |"


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


@dataclass(frozen=True)
class Stage:
    """An engine, what is started there, and the network that all of it is on."""

    engine: Engine
    client: docker.DockerClient
    session: Session
    network: str
    running: ExitStack

    def container(self, name: str, image: str, **more: Any) -> Container:  # noqa: ANN401
        """Start a container."""
        port = 5000 if name == "registry" else 0
        options = hosts.options(self.client, Target(name, image, network=self.network, port=port))
        held = throwaway.container(
            self.client, self.session, image, name=name, **{**options, **more}
        )
        return self.running.enter_context(held)


def quiet(*_: object) -> None:
    """Say nothing of what is built."""


def versions(stage: Stage, held: Container, shop: str) -> tuple[Release, Release]:
    """Push the artifact, and a second version of which one file is another."""
    until(partial(listens, held), limit=30, pause=0.2)
    held.reload()
    (port,) = held.ports["5000/tcp"] or []
    with TemporaryDirectory() as folder:
        for each in ("app", "container"):
            shutil.copytree(ROOT / each, Path(folder) / each)
        with (Path(folder) / "app" / "index.php").open("a", encoding="utf-8") as file:
            file.write("\n<!-- two -->\n")
        second = images.build(stage.engine, "container", quiet, root=Path(folder)).id
    return (
        pushed(stage.client, shop, Name(f"127.0.0.1:{port['HostPort']}", "shop", "1")),
        pushed(stage.client, second, Name(f"127.0.0.1:{port['HostPort']}", "shop", "2")),
    )


def listens(held: Container) -> bool:
    """Tell whether the registry does."""
    return throwaway.ask(held, "bash -c '</dev/tcp/127.0.0.1/5000'").done


def pushed(client: docker.DockerClient, image: str, name: Name) -> Release:
    """Push an image, and return its release as the targets call it."""
    with registry.names_kept(client, image, name):
        digest = registry.push(client, image, name).name.digest
    return read(ROOT / "container", f"{SHELF}/shop@{digest}")


def trusting(node: Nested, authority: str, releases: Sequence[Release]) -> Nested:
    """Return an engine that trusts the registry and has pulled all versions."""
    nested.trust(node, SHELF, authority)
    with engines.opened(node.engine, limit=registry.SILENCE) as client:
        for each in releases:
            registry.pull(client, Name.parse(each.image))
    return node


def on_engines(
    stage: Stage, image: str, authority: str, made: Sequence[Release]
) -> Iterator[Place]:
    """Yield an engine, and a swarm of three."""
    target = Target("far", image, network=stage.network)
    with nested.start(stage.engine, stage.session, target) as far:
        trusting(far, authority, made)
        yield Place("an engine", OnEngine(far.engine), [health(swarm.address(far))])
    nodes = [Target(f"node-{number}", image, network=stage.network) for number in (1, 2, 3)]
    with swarm.start(stage.engine, stage.session, nodes) as swarmed:
        there = [trusting(each, authority, made) for each in swarmed.nodes]
        urls = [health(swarm.address(each)) for each in there]
        yield Place("Docker Swarm, 2 replicas on 3 nodes", OnSwarm(there[0].engine), urls)


def on_podman(stage: Stage, image: str, authority: str, made: Sequence[Release]) -> Iterator[Place]:
    """Yield Podman, which `podman` leads to while it is used."""
    outer = stage.container("podman", image, **{**nested.SHAPE, "ports": {}})
    groups = (ROOT / "images" / "engine" / "control-groups").read_text("utf-8")
    certs = f"/etc/containers/certs.d/{SHELF}"
    throwaway.ask(outer, f"mount -o remount,rw /proc/sys\n{groups}")
    throwaway.ask(outer, f"mkdir -p {certs}; cat >{certs}/ca.crt <<'.'\n{authority}\n.\n")
    with TemporaryDirectory() as folder:
        program = Path(folder) / "podman"
        program.write_text(f'#!/bin/sh\nexec docker exec -i {outer.id} podman "$@"\n', "utf-8")
        program.chmod(0o755)
        os.environ.update(stage.engine.environment, PATH=f"{folder}:{os.environ['PATH']}")
        for each in made:
            subprocess.run(["podman", "pull", "-q", each.image], check=True, capture_output=True)
        outer.reload()
        (there,) = outer.attrs["NetworkSettings"]["Networks"].values()
        yield Place("Podman's kube play", Podman(), [health(there["IPAddress"])])


def health(address: str) -> str:
    """Return where a target says that it is well."""
    return f"http://{address}:{swarm.PUBLISHED}/health.php"


@contextmanager
def stage() -> Iterator[Stage]:
    """Yield an engine with a session of its own."""
    engine = engines.connect(print)
    bases.prepare(engine, ["debian:trixie-slim", "debian:bookworm-slim"], quiet)
    with ownership.session() as session, engines.opened(engine) as client, ExitStack() as running:
        running.callback(leftovers.remove_session, engine, session.id)
        yield Stage(engine, client, session, hosts.network(engine, session, "bench"), running)


def main() -> None:
    """Write the page."""
    with stage() as made:
        folders = ("container", "images/registry", nested.FOLDER)
        shop, shelf, node = images.build_all(made.engine, folders, quiet, root=ROOT)
        podman = images.build(made.engine, "podman", quiet, root=ROOT / "tests/demo/folders")
        held = made.container("registry", shelf.id)
        both = versions(made, held, shop.id)
        authority = throwaway.ask(held, "cat /tmp/certificate.pem").text
        rows = [
            place.row(both)
            for places in (
                on_engines(made, node.id, authority, both),
                on_podman(made, podman.id, authority, both),
            )
            for place in places
        ]
    load, day = os.getloadavg()[1], datetime.now(UTC).date()
    text = Path(__file__).with_suffix(".md").read_text("utf-8")
    PAGE.write_text(text.format(rows="\n".join(rows), day=day, load=f"{load:.0f}"), "utf-8")
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
