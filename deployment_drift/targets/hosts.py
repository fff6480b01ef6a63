"""Starts containers side by side, waits until each answers, and takes them away again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from deployment_drift import pace, parallel
from deployment_drift.engine import engines, firewall, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.records import Host
from deployment_drift.targets import readiness
from deployment_drift.targets.target import Target

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

LIMIT = 30.0
"""Seconds that a container has to become ready; more where one took long."""
HARDENED: Mapping[str, Any] = {
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "pids_limit": 200,
    "mem_limit": "512m",
    # any user may write there, nothing there may be executed
    "tmpfs": dict.fromkeys(("/tmp", "/run"), "rw,noexec,nosuid,nodev,mode=1777,size=64m"),  # noqa: S108
}
"""What a host may have at most that is to run without privileges, whatever its image says."""


@contextmanager
def start(
    engine: Engine, session: Session, targets: Sequence[Target], *, keep: bool = False
) -> Iterator[list[Host]]:
    """Yield the hosts in the order of their targets, ready; remove them when the block ends.

    Each is published on a port of 127.0.0.1 that the system chooses. With `keep` they go on
    running, unless the block fails. Raises HostError if one does not become ready, and
    EngineError if the engine stops answering.
    """
    labels = session.kept() if keep else dict(session.labels)
    failed = True
    try:
        yield parallel.each(partial(_start_one, engine, labels=labels), targets)
        failed = False
    finally:
        if failed or not keep:
            leftovers.remove_session(engine, session.id)


def network(engine: Engine, session: Session, name: str, *, keep: bool = False) -> str:
    """Make a network on which hosts find each other by their names; return what it is called.

    It is removed with the session's hosts, unless `keep` asks for it; so is a volume.
    """
    with engines.opened(engine) as client:
        labels = session.kept() if keep else dict(session.labels)
        firewall.settled(partial(client.networks.create, full_name(session, name), labels=labels))
    return full_name(session, name)


def volume(engine: Engine, session: Session, name: str, *, keep: bool = False) -> str:
    """Make a volume for what is to outlive a host, unless it is there; return what it is called."""
    with engines.opened(engine) as client:
        labels = session.kept() if keep else dict(session.labels)
        client.volumes.create(full_name(session, name), labels=labels)
    return full_name(session, name)


def full_name(session: Session, name: str) -> str:
    """Return what a network or a volume of this session is called on the engine."""
    return f"{ownership.NAMESPACE}-{session.id}-{name}"


def _start_one(
    engine: Engine, target: Target, cancel: Cancel, *, labels: Mapping[str, str]
) -> Host:
    with engines.opened(engine) as client:
        container = _run(client, target, labels)
        cancel.check()
        url = _url(container, target) if target.port else ""
        if url:
            began, limit = monotonic(), target.limit or pace.limit("start", LIMIT)
            readiness.wait(target, container, url, limit, cancel)
            pace.remember("start", monotonic() - began, LIMIT)
        return Host(target.name, f"docker://{container.name}", container.attrs["Image"], url)


def _run(client: "docker.DockerClient", target: Target, labels: Mapping[str, str]) -> "Container":
    import docker

    try:
        container = ownership.create(
            client, target.name, target.image, labels=dict(labels), **options(client, target)
        )
        firewall.settled(container.start)
        container.reload()
    except docker.errors.APIError as error:
        raise HostError(
            f"{target.name} could not be started: {error.explanation}", hint=typed("doctor")
        ) from error
    return container


def options(client: "docker.DockerClient", target: Target) -> dict[str, Any]:
    """Return what the engine is asked for besides image and labels, in the SDK's words."""
    limits = {**HARDENED, "cap_add": list(target.capabilities)} if target.hardened else {}
    return {
        "hostname": target.name,
        "environment": dict(target.env),
        "ports": {f"{target.port}/tcp": ("127.0.0.1", 0)} if target.port else {},
        "volumes": {name: {"bind": path} for name, path in target.volumes.items()},
        **limits,
        **place(client, target),
    }


def place(client: "docker.DockerClient", target: Target) -> dict[str, Any]:
    """Return what puts a host on its network, under its name, in the SDK's words."""
    if not target.network:
        return {}
    place = client.api.create_endpoint_config(aliases=[target.name])
    return {
        "network": target.network,
        "networking_config": {target.network: place},
        # the engine is not to look outside for the name of a host that has just been stopped
        "dns_opt": ["ndots:1"],
    }


def _url(container: "Container", target: Target) -> str:
    published = container.ports.get(f"{target.port}/tcp")
    if not published:
        raise readiness.ended(target.name, container)
    return f"{target.scheme}://127.0.0.1:{published[0]['HostPort']}"
