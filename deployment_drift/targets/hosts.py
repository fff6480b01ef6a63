"""Starts servers side by side, waits until each answers, and takes them away again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from deployment_drift import parallel
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.parallel import Cancel
from deployment_drift.records import Host
from deployment_drift.targets import readiness
from deployment_drift.targets.readiness import DEFAULT, Ready

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

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


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one host is started; `port` is where it listens inside, for `scheme` (http or smtp).

    On a `network` others find it by its name. `volumes` are paths inside by the volumes' names.
    `capabilities` are what a hardened host keeps. `path` is where it answers 200 when it is ready,
    where that is not what the caller of `start` says.
    """

    name: str
    image: str
    hardened: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    port: int = 80
    scheme: str = "http"
    path: str = ""
    network: str = ""
    volumes: Mapping[str, str] = field(default_factory=dict)
    capabilities: Sequence[str] = ()


@contextmanager
def start(
    engine: Engine,
    session: Session,
    recipes: Sequence[Recipe],
    *,
    ready: Ready = DEFAULT,
    keep: bool = False,
) -> Iterator[list[Host]]:
    """Yield the hosts in the order of their recipes, ready; remove them when the block ends.

    Each is published on a port of 127.0.0.1 that the system chooses. With `keep` they go on
    running, unless the block fails. Raises HostError if one does not become ready, and
    EngineError if the engine stops answering.
    """
    labels = session.kept() if keep else dict(session.labels)
    failed = True
    try:
        work = partial(_start_one, engine, labels=labels, ready=ready)
        yield parallel.each(work, recipes)
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
        client.networks.create(full_name(session, name), labels=labels)
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
    engine: Engine, recipe: Recipe, cancel: Cancel, *, labels: Mapping[str, str], ready: Ready
) -> Host:
    with engines.opened(engine) as client:
        container = _run(client, recipe, labels)
        cancel.check()
        url = _url(container, recipe)
        asked = replace(ready, path=recipe.path or ready.path)
        readiness.wait(recipe.name, container, url, asked, cancel)
        return Host(recipe.name, f"docker://{container.id}", container.attrs["Image"], url)


def _run(client: "docker.DockerClient", recipe: Recipe, labels: Mapping[str, str]) -> "Container":
    import docker

    try:
        container = client.containers.create(
            recipe.image,
            hostname=recipe.name,
            labels=dict(labels),
            environment=dict(recipe.env),
            ports={f"{recipe.port}/tcp": ("127.0.0.1", 0)},
            volumes={name: {"bind": path} for name, path in recipe.volumes.items()},
            **_hardening(recipe),
            **_place(client, recipe),
        )
        container.start()
        container.reload()
    except docker.errors.APIError as error:
        raise HostError(
            f"{recipe.name} could not be started: {error.explanation}", hint="./invoke doctor"
        ) from error
    return container


def _hardening(recipe: Recipe) -> dict[str, Any]:
    return {**HARDENED, "cap_add": list(recipe.capabilities)} if recipe.hardened else {}


def _place(client: "docker.DockerClient", recipe: Recipe) -> dict[str, Any]:
    """Return what puts a host on its network, under its name."""
    if not recipe.network:
        return {}
    place = client.api.create_endpoint_config(aliases=[recipe.name])
    return {
        "network": recipe.network,
        "networking_config": {recipe.network: place},
        # the engine is not to look outside for the name of a host that has just been stopped
        "dns_opt": ["ndots:1"],
    }


def _url(container: "Container", recipe: Recipe) -> str:
    published = container.ports.get(f"{recipe.port}/tcp")
    if not published:
        raise readiness.ended(recipe.name, container)
    return f"{recipe.scheme}://127.0.0.1:{published[0]['HostPort']}"
