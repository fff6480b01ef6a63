"""A release as a container: run, healthy before anybody is sent there, and read back."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from deployment_drift import stopping
from deployment_drift.engine import engines, firewall, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import EngineError, HostError
from deployment_drift.paths import typed
from deployment_drift.records import Host
from deployment_drift.ship import told
from deployment_drift.ship.release import Release, number
from deployment_drift.targets import readiness, throwaway
from deployment_drift.targets.hosts import HARDENED
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

LIMIT = 60.0
"""Seconds that a release has until it is healthy."""
PATIENCE = 10
"""Seconds that it has to answer what it has begun with when it is stopped."""
EVERY = 2
"""Seconds between two of the engine's own looks: each starts a program in every container."""
_PAUSE = 0.1
_OWN = (
    "Config.Image", "Config.Env", "Config.User", "Config.Healthcheck.Test", "HostConfig.Memory",
    "HostConfig.PidsLimit", f"Config.Labels.{told.LABEL}", f"Config.Labels.{told.KEPT}",
)  # fmt: skip
"""What is a release's, and named as such."""
_SECOND = 10**9  # as engines count


def options(release: Release, volume: str, port: int = 0) -> dict[str, Any]:
    """Return what an engine is asked for besides the image, in the SDK's words.

    volume: where orders wait. port: where it is published, 0 for nowhere.
    """
    health = {"interval": EVERY * _SECOND, "timeout": 3 * _SECOND, "retries": 3}
    return {
        **HARDENED,
        "hostname": "shop",
        "user": str(release.user),
        "environment": dict(release.env),
        "mem_limit": f"{release.memory}m",
        "pids_limit": release.pids,
        "volumes": {volume: {"bind": release.spool}},
        "healthcheck": {"test": ["CMD", *release.health], **health},
        "stop_signal": "SIGWINCH",  # Apache then answers what it has begun with
        "ports": {f"{release.port}/tcp": port} if port else {},
    }


@contextmanager
def start(
    engine: Engine,
    session: Session,
    release: Release,
    name: str,
    **more: Any,  # noqa: ANN401
) -> Iterator[Host]:
    """Yield a release that runs on an engine and is healthy; take it away when the block ends.

    more: options for the engine, as those above. What has been stopped meanwhile may be gone.
    The image has to be there. Raises HostError where it does not become healthy.
    """
    with engines.opened(engine) as client:
        labels = dict(session.labels)
        made = ownership.create(client, name, release.image, labels=labels, **more)
    identity = str(made.id)
    try:
        yield begun(engine, release, name, identity)
    finally:
        stopping.shielded(partial(_remove, engine, identity))


def begun(engine: Engine, release: Release, name: str, identity: str) -> Host:
    """Start a container, and return its host once it is healthy; HostError where it is sick."""
    with engines.opened(engine) as client:
        made = client.containers.get(identity)
        firewall.settled(made.start)
        healthy, late = partial(_is_healthy, name, made, release), partial(_sick, name, made)
        until(healthy, limit=LIMIT, pause=_PAUSE, late=late)
        return Host(name, engine.address(str(made.name)), _digest(client, made, release))


def _remove(engine: Engine, identity: str) -> None:
    with suppress(EngineError), engines.opened(engine) as client:  # one that is gone took it along
        leftovers.remove_container(client.api, identity)


def stop(engine: Engine, host: Host, patience: int = PATIENCE) -> None:
    """Stop a release that was started here; it has `patience` seconds to answer what it began."""
    with engines.opened(engine) as client:
        throwaway.of(client, host).stop(timeout=patience)


def _is_healthy(name: str, container: "Container", release: Release) -> bool:
    """Ask what the engine will ask, which asks for the first time in a while only."""
    container.reload()
    state = container.attrs["State"]
    if state["Status"] not in {"running", "created"}:
        raise readiness.ended(name, container)
    if state["Health"]["Status"] == "unhealthy":
        raise _sick(name, container)
    return throwaway.ask(container, shlex.join(release.health)).done


def _sick(name: str, container: "Container") -> HostError:
    said = [each["Output"] for each in container.attrs["State"]["Health"]["Log"] or ()]
    log = container.logs(tail=10).decode(errors="replace")
    return HostError(
        f"{name} runs, but is not healthy", hint=typed("doctor"), detail=f"{log}{''.join(said)}"
    )


def _digest(client: "docker.DockerClient", container: "Container", release: Release) -> str:
    """Return the digest of what runs: the release's, where the engine says that it is that."""
    image = client.images.get(container.attrs["Image"])
    digests = {each.partition("@")[2] for each in image.attrs["RepoDigests"] or ()}
    return release.digest if release.digest in digests else str(image.id)


def runs(found: "Container") -> bool:
    """Tell whether a container runs, and is not sick."""
    health = found.attrs["State"].get("Health") or {}
    return bool(found.status == "running") and health.get("Status") != "unhealthy"


def as_found(found: "Container", was: Release, volume: str) -> Release:
    """Return the release that a container is now; its orders are where the volume is."""
    said, bounds = found.attrs["Config"], found.attrs["HostConfig"]
    ports = [int(each.partition("/")[0]) for each in bounds["PortBindings"] or {}]
    mounts = found.attrs["Mounts"]  # in any order
    spools = [each["Destination"] for each in mounts if each.get("Name") == volume]
    return replace(
        was,
        image=said["Image"],
        env=_variables(found, was),
        user=number(said["User"]),
        port=ports[0] if ports else 0,
        health=(said.get("Healthcheck") or {}).get("Test", [""])[1:],
        memory=bounds["Memory"] >> 20,
        pids=bounds["PidsLimit"] or 0,
        spool=spools[0] if spools else "",
    )


def settings(found: "Container") -> told.Settings:
    """Return what the engine says of a container, besides what is a release's."""
    said = {key: found.attrs[key] for key in ("Config", "HostConfig")}
    networks = sorted(found.attrs["NetworkSettings"]["Networks"])
    return told.settings({**said, "Networks": networks}, _OWN)


def _variables(found: "Container", was: Release) -> dict[str, Any]:
    """Return the variables that a container was given besides those of its image."""
    own = set((found.image.attrs if found.image else {}).get("Config", {}).get("Env") or ())
    given = dict(each.partition("=")[::2] for each in found.attrs["Config"]["Env"] or ())
    return {k: v for k, v in given.items() if k in was.env or f"{k}={v}" not in own}
