"""Starts a container for one purpose, asks it, and removes it when that is served."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from deployment_drift import stopping
from deployment_drift.engine import firewall, leftovers, ownership, streams
from deployment_drift.engine.ownership import Session
from deployment_drift.records import Host
from deployment_drift.targets import readiness
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

LIMIT = 30
"""Seconds that a program in a container of its own may run."""
NOT_BEGUN = "OCI runtime exec failed"
"""How an engine prints, in a program's place, that it could not start it."""
NOTICE = 5
"""Seconds within which an engine knows that a container has ended."""
_PAUSE = 0.1
SLEEP = ["sleep", "600"]
PROCESSES = "cat /proc/[0-9]*/stat 2>/dev/null"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program came to: its exit status, and what it printed on both outputs."""

    status: int
    text: str

    @property
    def done(self) -> bool:
        """Whether the program did what it was told to."""
        return self.status == 0


@contextmanager
def container(
    client: "docker.DockerClient",
    session: Session,
    image: str,
    command: list[str] | None = None,
    *,
    name: str = "throwaway",
    **options: Any,  # noqa: ANN401 -- the SDK's
) -> Iterator["Container"]:
    """Yield a running container, called `drift-NAME` or the like.

    Raises docker's APIError if the engine refuses to make or start it.
    """
    labels = dict(session.labels)
    made = ownership.create(client, name, image, command, labels=labels, **options)
    try:
        firewall.settled(made.start)
        yield made
    finally:
        stopping.shielded(partial(leftovers.remove_container, client.api, str(made.id)))


def ask(asked: "Container", command: str, user: str = "") -> Answer:
    """Return what a line of sh comes to in a container; HostError where that does not run."""
    import docker

    api = cast("docker.DockerClient", asked.client).api
    try:
        made = api.exec_create(asked.id, ["sh", "-c", command], user=user)["Id"]
    except docker.errors.APIError:
        if _runs(asked):
            raise
        raise readiness.gone(str(asked.name), asked) from None
    said = streams.output(api, made).decode(errors="replace").strip()
    status = api.exec_inspect(made)["ExitCode"] or 0
    # an engine that could not begin has said so, not the program; it may not know yet why
    patience = NOTICE if said.startswith(NOT_BEGUN) else 0
    if status and until(lambda: not _runs(asked), limit=patience, pause=_PAUSE):
        raise readiness.gone(str(asked.name), asked)
    return Answer(status, said)


def _runs(asked: "Container") -> bool:
    asked.reload()
    return bool(asked.status == "running")


def ended(asked: "Container", limit: int = LIMIT) -> Answer:
    """Return what a container came to whose program ends by itself, within `limit` seconds."""
    status = asked.wait(timeout=limit)["StatusCode"]
    return Answer(status, asked.logs().decode(errors="replace").strip())


def of(client: "docker.DockerClient", host: Host) -> "Container":
    """Return the container of a host that a scene has started."""
    return client.containers.get(host.address.removeprefix("docker://").partition("?")[0])


def limits(container: "Container", what: str) -> bool:
    """Tell whether a container really has a limit that it was to have: `Memory`, `PidsLimit`.

    An engine without cgroups, as one of a user's often is, takes all limits and sets none; Docker
    goes on telling them.
    """
    engine = cast("docker.DockerClient", container.client).info()
    return engine.get("CgroupDriver") != "none" and bool(container.attrs["HostConfig"].get(what))


@contextmanager
def watcher(client: "docker.DockerClient", session: Session, image: str) -> Iterator["Container"]:
    """Yield a container that sees every process of the engine's machine, wherever that is."""
    with container(
        client, session, image, SLEEP, name="watcher", pid_mode="host", user="0"
    ) as watching:
        yield watching


def programs(watching: "Container", watched: "Container") -> list[str]:
    """Return the names of a container's programs, as its host's list of processes has them.

    `top` would ask the same, but rootless Docker refuses it, and Podman starts ps in the container.
    """
    watched.reload()
    return descended(ask(watching, PROCESSES).text, watched.attrs["State"]["Pid"])


def descended(listed: str, first: int) -> list[str]:
    """Return the names of a process and of all that it and its children have started.

    listed: what the files /proc/PID/stat say. A group of its own has a container only where the
    engine may make some, and namespaces are shown to few; parents are always there.
    """
    names, children = dict[int, str](), defaultdict[int, list[int]](list)
    for line in listed.splitlines():
        pid, _, rest = line.partition(" (")
        name, _, facts = rest.rpartition(") ")  # a name may have parentheses in it
        names[int(pid)] = name
        children[int(facts.split()[1])].append(int(pid))
    found = [first] * (first in names)
    for each in found:
        found += children[each]
    return [names[each] for each in found]
