"""Tells a swarm what to run, and waits for what that comes to."""

import subprocess
from functools import partial
from os import environ
from typing import TYPE_CHECKING, Any

from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import HostError
from deployment_drift.targets.swarm import LIMIT, SERVICE, STACK, ready
from deployment_drift.waiting import Patience, until

if TYPE_CHECKING:
    import docker

_PAUSE = 0.3
_TRIES = 5
_OVERTAKEN = "update out of sequence"  # as when it notes that an earlier update has ended
_AS_TOLD = ("--resolve-image", "never", "-c", "-")


def require_room(manager: Engine, replicas: int) -> None:
    """See that a version can start: each replica has a node of its own, also a new one beside.

    Waits for replicas that are to end, each of which has its node's port until then. Raises
    HostError where nodes are missing: the version would wait for them without an end.
    """
    beside = service(manager) is not None
    if (found := ready(manager)) < replicas + beside:
        needs = f"{replicas} replicas{' and a new version beside them' if beside else ''}"
        what = f"the swarm has {found} nodes that are ready, too few for {needs}"
        raise HostError(what, hint="docker node ls")
    if beside:
        until(lambda: not _ending(manager), limit=LIMIT, pause=_PAUSE)


def deploy(manager: Engine, description: str) -> str:
    """Tell a swarm what to run, and return what that came to: `completed`, `rollback_completed`.

    description: a stack file. Nodes pull as who has logged in here. Raises HostError where it is
    refused, or takes too long: then the swarm is told to run what it ran before.
    """
    before = _state(manager)
    _stack(manager, "deploy", "--with-registry-auth", *_AS_TOLD, STACK, given=description)
    patience = Patience(LIMIT, partial(progress, manager))
    came_to, late = partial(_came_to, manager, before), partial(_late, manager)
    return until(came_to, limit=patience, pause=_PAUSE, late=late)


def progress(manager: Engine) -> list[tuple[str, str]]:
    """Return what changes as long as a rollout goes on: the state of each task."""
    return sorted((each["ID"], each["Status"]["State"]) for each in _tasks(manager))


def failures(manager: Engine) -> list[str]:
    """Return why tasks have ended that were not told to, each reason once."""
    said = (each["Status"].get("Err", "") for each in _tasks(manager))
    return sorted({each for each in said if each})


def _tasks(manager: Engine) -> list[dict[str, Any]]:
    with engines.opened(manager) as client:
        return list(_service(client).tasks())


def _ending(manager: Engine) -> bool:
    """Whether a replica runs that is to end."""
    return any(
        each["Status"]["State"] == "running" and each["DesiredState"] != "running"
        for each in _tasks(manager)
    )


def remove(manager: Engine) -> None:
    """Take the stack away, and come back when nothing of it runs; its volumes stay."""
    _stack(manager, "rm", STACK)
    until(lambda: service(manager) is None, limit=LIMIT, pause=_PAUSE)


def _docker(manager: Engine, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["docker", *words],
        input=given,
        capture_output=True,
        text=True,
        env={**environ, "DOCKER_HOST": "", **manager.environment},  # which a context gives way to
        check=False,
    )


def _stack(manager: Engine, *words: str, given: str = "") -> None:
    """Tell a swarm of the stack; again where it has written to the service itself meanwhile."""
    for _ in range(_TRIES):
        told = _docker(manager, "stack", *words, given=given)
        if _OVERTAKEN not in told.stderr:
            break
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
    return "completed" if settled(manager) else ""


def settled(manager: Engine) -> bool:
    """Whether as many replicas run as were asked for, as they were asked for, and no others."""
    with engines.opened(manager) as client:
        found = _service(client)
        told = found.attrs["Spec"]
        tasks = found.tasks(filters={"desired-state": "running"})
    program = told["TaskTemplate"]["ContainerSpec"]
    running = [each for each in tasks if each["Status"]["State"] == "running"]
    as_told = [each for each in running if each["Spec"]["ContainerSpec"] == program]
    wanted: int = told["Mode"]["Replicated"]["Replicas"]
    return len(tasks) == len(as_told) == wanted


def _late(manager: Engine) -> HostError:
    """Return what is said of a rollout that does not come to an end; it is taken back."""
    said = [
        f"{each['Status']['State']}: {each['Status'].get('Err', '')}" for each in _tasks(manager)
    ]
    now = _state(manager).get("State", "new")
    _docker(manager, "service", "rollback", "--detach", SERVICE)  # a new service has no before
    what = f"The swarm had not finished within {LIMIT:.0f} s: {now}."
    return HostError(what, detail="\n".join(said))
