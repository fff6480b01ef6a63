"""Starts an emulated computer, on it Xen or Linux with no system before that, and guests."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from deployment_drift import pace, stopping
from deployment_drift.build import builder, context, images
from deployment_drift.build.images import Emit, Image
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.records import Host
from deployment_drift.targets import disks, machines, readiness
from deployment_drift.targets.access import Access
from deployment_drift.targets.target import Target
from deployment_drift.waiting import Patience, until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

First = Literal["xen", "linux"]
FOLDER = "images/hypervisor"
COMPUTER = f"{FOLDER}/computer"
CONTROL = "control"
SSH, SSHS, WEBS = "2200/tcp", ("2201/tcp", "2202/tcp"), ("8081/tcp", "8082/tcp")
"""Where who manages the guests is reached, the guests, and their web servers."""
MIB = 2**20
GUESTS: Mapping[str, int] = {"local": 80, "container": 8080}
"""The ports of the web servers that guests made from these folders have."""
RUNS: Mapping[First, Sequence[str]] = {"xen": ("local", "container"), "linux": ("container",)}
"""The guests that run on what has started."""
MACHINES = (*GUESTS, FOLDER)
"""What becomes a disk of the computer."""
MEMORY = 256
"""MiB that a guest is given."""
TAKEN = 2 * 2**30
"""Bytes of memory that the computer, and QEMU around it, take at most."""
NEEDED = 2500 * 2**20
"""Bytes that the disks need on the engine's own, while they are copied."""
GENERATIONS = 1
STARTS = "{} starts what it serves"
"""What a guest's console says before its web server does (images/machine/guest/service)."""
LIMIT = 300.0
"""Seconds from the start to the guests' first pages on a machine that does other things, too."""
SHAPE: Mapping[str, Any] = {**machines.SHAPE, "mem_limit": TAKEN}
_PAUSE = 0.5  # the processor is needed for the computer


@dataclass(frozen=True, slots=True)
class Computer:
    """An emulated computer whose guests answer: its container, who manages it, and its guests."""

    container: "Container"
    control: Host
    guests: Sequence[Host]

    @property
    def log(self) -> str:
        """What was written to its console since it was switched on."""
        return _log(self.container)


def build(engine: Engine, made: Mapping[str, Image], emit: Emit, *, root: Path) -> str:
    """Return the id of the computer's image: what starts on it, and its disks.

    made: the images of this folder and of its machines, by their names. Raises BuildError if it
    cannot be made, SpaceError before that on a full disk.
    """
    order = _order(made[FOLDER].tag, [made[f"machine-{each}"].tag for each in MACHINES], root)
    say = partial(emit, COMPUTER)
    with engines.opened(engine, limit=disks.LIMIT) as client:
        images.ensure(client, order, say, Cancel(), needed=NEEDED, keep=GENERATIONS)
        return images.find(client, order.tag)


def present(client: "docker.DockerClient", root: Path) -> str:
    """Return the tag of the computer's image if it has been made as it is now, else ""."""
    system = images.present(client, FOLDER, root)
    tags = [disks.present(client, each, root) for each in MACHINES]
    if not system or not all(tags):
        return ""
    tag = _order(system, tags, root).tag
    return tag if images.built(client, tag) else ""


def _order(system: str, tags: Sequence[str], root: Path) -> builder.Order:
    """Return what makes a computer of what starts on it, and of its machines."""
    packed = context.pack(COMPUTER, root)
    tag = f"{ownership.NAMESPACE}/computer:{context.fingerprint(packed, [system, *tags])}"
    arguments = dict(zip(("LOCAL", "CONTAINER", "CONTROL"), tags, strict=True))
    return builder.Order(COMPUTER, tag, packed, {"SYSTEM": system, **arguments})


@contextmanager
def start(  # noqa: PLR0913 -- whose it is, what it is made of, and what becomes of it
    engine: Engine, session: Session, way: Access, image: str, first: First, *, keep: bool = False
) -> Iterator[Computer]:
    """Yield the computer when its guests answer; it is gone in the end.

    With `keep` it goes on running, unless the block fails.
    Raises HostError if it ends, or a guest does not answer in time.
    """
    guests = RUNS[first]
    settings = {
        "FIRST": first,
        "GUESTS": " ".join(f"{name}:{GUESTS[name]}" for name in guests),
        "MEMORY": str(MEMORY),
        "KEY": way.key,
    }
    ports = dict.fromkeys((SSH, *SSHS, *WEBS), ("127.0.0.1", 0))
    labels = session.kept() if keep else dict(session.labels)
    with engines.opened(engine, limit=disks.LIMIT) as client:
        options = {"labels": labels, "environment": settings, "ports": ports, **SHAPE}
        with machines.refusals("computer"):
            one = ownership.create(client, "computer", image, **options)
        failed = True
        try:
            with machines.refusals("computer"):
                one.start()
            yield _awaited_twice(one, way, guests)
            failed = False
        finally:
            if failed or not keep:
                stopping.shielded(partial(leftovers.remove_container, client.api, str(one.id)))


def require(engine: Engine) -> None:
    """Raise HostError where an engine's machine is another than the computer can be, or too small.

    Xen's packages are those of x86-64, and an engine builds for its own processor.
    """
    if engine.architecture not in {"", "amd64"}:
        raise HostError(
            f"Xen is emulated on x86-64 alone; this engine's machine is {engine.architecture}.",
            hint=typed("demo-startup"),
        )
    with engines.opened(engine) as client:
        there = client.info().get("MemTotal", TAKEN)
    if there < TAKEN:
        raise HostError(
            f"An emulated computer takes {TAKEN // MIB} MiB of memory; there are {there // MIB}.",
            hint="give the engine's machine more memory",
        )


def _awaited_twice(one: "Container", way: Access, guests: Sequence[str]) -> Computer:
    """Return the computer when all pages are there, switched off and on again where they never are.

    An emulated processor now and then stops for good while a guest's kernel begins.
    """
    try:
        return _awaited(one, way, guests)
    except HostError:
        one.reload()
        if one.status != "running":
            raise
        one.restart(timeout=0)
        return _awaited(one, way, guests)


def _awaited(one: "Container", way: Access, guests: Sequence[str]) -> Computer:
    """Return the computer with the addresses of all that runs on it, when all pages are there."""
    begin = monotonic()
    one.reload()
    if one.status != "running":  # then it has no ports, either
        raise readiness.ended(guests[0], one)
    ports = {name: int(found[0]["HostPort"]) for name, found in one.ports.items() if found}
    urls = [f"http://127.0.0.1:{ports[web]}" for web in WEBS]
    _await_guests(one, guests)
    for name, url in zip(guests, urls, strict=False):
        await_page(one, name, url)
    pace.remember(FOLDER, monotonic() - begin, LIMIT)
    keys = dict(re.findall(r"^host key of (\w+): (\S+ \S+)", _log(one), re.MULTILINE))
    found = [
        Host(name, way.address(ports[ssh], keys[name], LIMIT), one.attrs["Image"], url)
        for name, ssh, url in zip((CONTROL, *guests), (SSH, *SSHS), ("", *urls), strict=False)
    ]
    return Computer(one, found[0], found[1:])


def _await_guests(one: "Container", guests: Sequence[str]) -> None:
    """Come back when all guests have said that they begin to serve; raises as `await_page` does.

    A question that comes before is kept for them, and answered later although nobody waits.
    """
    limit = pace.limit(FOLDER, LIMIT)
    silent = list(guests)

    def begun() -> bool:
        one.reload()
        said = _log(one)
        silent[:] = [name for name in guests if STARTS.format(name) not in said]
        if silent and one.status != "running":
            raise readiness.ended(silent[0], one)
        return not silent

    until(
        begun,
        limit=Patience(limit, partial(_log, one), grace=limit / 4),  # one that hangs works, too
        pause=_PAUSE,
        late=lambda: readiness.late(silent[0], one, limit),
    )


def await_page(one: "Container", name: str, url: str) -> None:
    """Come back when a guest's shop answers; raises HostError if the computer ends, or is late."""
    limit = pace.limit(FOLDER, LIMIT)
    readiness.wait(Target(name, "", "machine"), one, url, limit, Cancel())


def _log(one: "Container") -> str:
    return one.logs().decode(errors="replace")
