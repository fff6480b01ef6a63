"""Starts virtual machines side by side, QEMU in a container each, and takes them away again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from drift import parallel
from drift.engine import engines, leftovers
from drift.engine.engines import Engine
from drift.engine.ownership import Session
from drift.errors import HostError
from drift.parallel import Cancel
from drift.records import Host
from drift.run import readiness
from drift.run.access import Access
from drift.run.readiness import Ready

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

SSH, WEB = "2222/tcp", "8080/tcp"
LIMIT = 240.0
"""Seconds that an emulated machine may take to boot on a computer that does other things, too."""
KVM = "/dev/kvm"
SHAPE: Mapping[str, Any] = {
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "pids_limit": 100,
    "mem_limit": "1g",
    "tmpfs": {"/tmp": "rw,noexec,nosuid,nodev,mode=1777,size=256m"},  # noqa: S108 -- inside
}
"""What QEMU may have at most."""
_PAUSE = 0.15  # the processor is needed for the machine
_SHOWN = 15

Accelerator = Literal["tcg", "kvm"]


class RefusedError(HostError):
    """The engine would not start the machine, or QEMU ended before it had booted."""


class SilentError(HostError):
    """The machine runs, but has not booted in time."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one machine is started; `web` is where its web server listens, 0 to await none.

    `limit` are the seconds that it has to boot.
    """

    name: str
    image: str
    web: int = 0
    accelerator: Accelerator = "tcg"
    limit: float = LIMIT


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that runs: as a host, and the id of the container that QEMU runs in."""

    host: Host
    container: str


@contextmanager
def start(
    engine: Engine,
    session: Session,
    access: Access,
    recipes: Sequence[Recipe],
    *,
    keep: bool = False,
) -> Iterator[list[Machine]]:
    """Yield the machines in the order of their recipes, booted; remove them in the end.

    With `keep` they go on running, unless the block fails.
    Raises RefusedError or SilentError for the first that does not come up.
    """
    labels = session.kept() if keep else dict(session.labels)
    made: list[str] = []
    failed = True
    try:
        work = partial(_start_one, engine, access=access, labels=labels, made=made)
        yield parallel.each(work, recipes)
        failed = False
    finally:
        if failed or not keep:
            parallel.shielded(partial(_remove, engine, made))


def _remove(engine: Engine, made: Sequence[str]) -> None:
    with engines.opened(engine) as client:
        parallel.each(lambda one, _: leftovers.remove_container(client.api, one), made)


def _start_one(  # noqa: PLR0913 -- one machine's surroundings
    engine: Engine,
    recipe: Recipe,
    cancel: Cancel,
    *,
    access: Access,
    labels: Mapping[str, str],
    made: list[str],
) -> Machine:
    with engines.opened(engine) as client:
        with _refusals(recipe.name):
            container = _create(client, recipe, access, labels)
            made.append(str(container.id))
            container.start()
        key = _booted(container, recipe, cancel)
        ports = {
            name: int(found[0]["HostPort"]) for name, found in container.ports.items() if found
        }
        url = f"http://127.0.0.1:{ports[WEB]}"
        if recipe.web:
            readiness.wait(
                recipe.name, container, url, Ready(limit=recipe.limit, pause=1.0), cancel
            )
        address = access.address(ports[SSH], key)
        image = container.attrs["Image"]
        return Machine(Host(recipe.name, address, image, url), str(container.id))


def _create(
    client: "docker.DockerClient", recipe: Recipe, access: Access, labels: Mapping[str, str]
) -> "Container":
    settings = {
        "NAME": recipe.name,
        "KEY": access.key,
        "ACCELERATOR": recipe.accelerator,
        "WEB": str(recipe.web or 80),
    }
    ports = dict.fromkeys((SSH, WEB), ("127.0.0.1", 0))
    # the owner of /dev/kvm may open it without any capability
    kvm: dict[str, Any] = {}
    if recipe.accelerator == "kvm":
        kvm = {"devices": [f"{KVM}:{KVM}"], "user": "root"}
    return client.containers.create(
        recipe.image, labels=dict(labels), environment=settings, ports=ports, **SHAPE, **kvm
    )


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Say in one sentence what the engine does not want to start."""
    import docker

    try:
        yield
    except docker.errors.APIError as error:
        raise RefusedError(
            f"{name} could not be started: {error.explanation}", hint="./invoke doctor"
        ) from error


def _booted(container: "Container", recipe: Recipe, cancel: Cancel) -> str:
    """Wait until the machine's console says that sshd listens; return the machine's key."""
    end = monotonic() + recipe.limit
    while True:
        said = container.logs().decode(errors="replace")
        container.reload()
        found = re.search(r"^host key: (\S+ \S+)", said, re.MULTILINE)
        if found and "Server listening on" in said:
            return found[1]
        _require(container, recipe, said, late=monotonic() > end)
        cancel.pause(_PAUSE)


def _require(container: "Container", recipe: Recipe, said: str, *, late: bool) -> None:
    last = "\n".join(said.splitlines()[-_SHOWN:]) or "(it has said nothing)"
    if container.status not in {"running", "created"}:
        raise RefusedError(
            f"{recipe.name} ended before it had booted.", hint="./invoke doctor", detail=last
        )
    if late:
        raise SilentError(
            f"{recipe.name} runs, but had not booted within {recipe.limit:g} s.",
            hint="try again when this computer has less to do",
            detail=last,
        )
