"""Starts virtual machines side by side, QEMU in a container each, and takes them away again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from deployment_drift import pace, parallel, stopping
from deployment_drift.engine import engines, firewall, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.records import Host
from deployment_drift.targets import readiness
from deployment_drift.targets.access import Access, access
from deployment_drift.targets.readiness import RefusedError
from deployment_drift.targets.target import Target

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

SSH, WEB = "2222/tcp", "8080/tcp"
LIMIT = 240.0
"""Seconds that an emulated machine may take to boot on a computer that does other things, too; more
where one took long."""
COMMANDS = 4
"""How many commands a machine may take a boot's time for: a slow one is slow in each."""
KVM = "/dev/kvm"
QEMU = "qemu-system-"
"""How the names of QEMU's programs begin."""
DISKS, DISK = "/machine", "disk.ext4"
"""Where a machine keeps its disk, if that is to outlive it."""
SHAPE: Mapping[str, Any] = {
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "pids_limit": 100,
    "mem_limit": "1g",
    "tmpfs": {"/tmp": "rw,noexec,nosuid,nodev,mode=1777,size=256m"},  # noqa: S108 -- inside
}
"""What QEMU may have at most."""


Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Launched:
    """A machine that boots in a container, and the way in; `late` is when its time is over.

    That is seconds of time.monotonic().
    """

    target: Target
    container: str
    way: Access
    late: float


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that runs: as a host, and the id of the container that QEMU runs in."""

    host: Host
    container: str


@contextmanager
def serve(
    engine: Engine, session: Session, targets: Sequence[Target], *, keep: bool = False
) -> Iterator[list[Host]]:
    """Yield the machines as hosts, with a way in of their own; else as `start`."""
    kept_on = engine.url if keep else ""
    with (
        access(session, kept_on=kept_on) as way,
        start(engine, session, way, targets, keep=keep) as machines,
    ):
        yield [each.host for each in machines]


@contextmanager
def start(
    engine: Engine, session: Session, way: Access, targets: Sequence[Target], *, keep: bool = False
) -> Iterator[list[Machine]]:
    """Yield the machines in the order of their targets, booted; remove them in the end.

    With `keep` they go on running, unless the block fails.
    Raises RefusedError or SilentError for the first that does not come up, HostError for the
    first whose web server does not answer.
    """
    with launch(engine, session, way, targets, keep=keep) as launched:
        yield booted(engine, launched)


@contextmanager
def launch(
    engine: Engine, session: Session, way: Access, targets: Sequence[Target], *, keep: bool = False
) -> Iterator[list[Launched]]:
    """Yield the machines while they still boot, for who has other things to do; else as `start`."""
    labels = session.kept() if keep else dict(session.labels)
    made: list[str] = []
    failed = True
    try:
        work = partial(_launch_one, engine, way=way, labels=labels, made=made)
        yield parallel.each(work, targets)
        failed = False
    finally:
        if failed or not keep:
            stopping.shielded(partial(_remove, engine, made))


def booted(engine: Engine, launched: Sequence[Launched]) -> list[Machine]:
    """Return launched machines when they have booted; raises as `start` does."""
    return parallel.each(partial(_await_one, engine), launched)


def _remove(engine: Engine, made: Sequence[str]) -> None:
    with engines.opened(engine) as client:
        parallel.each(lambda one, _: leftovers.remove_container(client.api, one), made)


def _launch_one(
    engine: Engine, target: Target, _: Cancel, *, way: Access, labels: Labels, made: list[str]
) -> Launched:
    with engines.opened(engine) as client, refusals(target.name):
        container = _create(client, target, way, labels)
        made.append(str(container.id))
        firewall.settled(container.start)
        return Launched(target, str(container.id), way, monotonic() + _limit(target))


def _await_one(engine: Engine, launched: Launched, cancel: Cancel) -> Machine:
    target = launched.target
    with engines.opened(engine) as client:
        container = client.containers.get(launched.container)
        limit = _limit(target)
        key = readiness.await_boot(target.name, container, limit, launched.late, cancel)
        pace.remember(_boot(target), monotonic() - launched.late + limit, LIMIT)
        ports = {
            name: int(found[0]["HostPort"]) for name, found in container.ports.items() if found
        }
        url = f"http://127.0.0.1:{ports[WEB]}"
        if target.port:
            readiness.wait(target, container, url, limit, cancel)
        address = launched.way.address(ports[SSH], key, _patience(target))
        image = container.attrs["Image"]
        return Machine(Host(target.name, address, image, url), launched.container)


def _create(
    client: "docker.DockerClient", target: Target, way: Access, labels: Labels
) -> "Container":
    settings = {
        "NAME": target.name,
        "KEY": way.key,
        "ACCELERATOR": target.accelerator,
        "WEB": str(target.port or 80),
    }
    ports = dict.fromkeys((SSH, WEB), ("127.0.0.1", 0))
    return ownership.create(
        client,
        _called(target),
        target.image,
        labels=dict(labels),
        environment=settings,
        ports=ports,
        **SHAPE,
        **_devices(target),
    )


def _called(target: Target) -> str:
    return target.name if target.name.startswith("machine") else f"machine-{target.name}"


def _limit(target: Target) -> float:
    return target.limit or pace.limit(_boot(target), LIMIT)


def _patience(target: Target) -> float:
    return pace.limit(_boot(target), LIMIT) / COMMANDS


def _boot(target: Target) -> str:
    return f"boot, {target.accelerator}"


def _devices(target: Target) -> dict[str, Any]:
    """Return what a machine gets besides the shape of all: a hypervisor, a disk of its own."""
    found: dict[str, Any] = {}
    if target.accelerator == "kvm":
        # the owner of /dev/kvm may open it without any capability
        found |= {"devices": [f"{KVM}:{KVM}"], "user": "root"}
    if target.volumes:
        found |= {"volumes": {name: {"bind": path} for name, path in target.volumes.items()}}
    return found


@contextmanager
def refusals(name: str) -> Iterator[None]:
    """Say in one sentence what the engine does not want to start."""
    import docker

    try:
        yield
    except docker.errors.APIError as error:
        raise RefusedError(
            f"{name} could not be started: {error.explanation}", hint=typed("doctor")
        ) from error
