"""Makes a virtual machine's image: the very files that a container runs, on a disk to boot from."""

import hashlib
import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployment_drift import pace, parallel, stopping
from deployment_drift.build import archive, builder, context, images
from deployment_drift.build.images import Emit, Image
from deployment_drift.engine import engines, leftovers, ownership, space
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import BuildError
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.records import Sentence
from deployment_drift.targets import readiness, throwaway
from deployment_drift.targets.machines import DISK, DISKS
from deployment_drift.waiting import Patience, until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

FOLDER = "images/machine"
GUEST = "images/machine/guest"
NEEDED = 1500 * 2**20
"""Bytes that a first start needs on the engine's disk, for one machine."""
GENERATIONS = 2
"""Machines of an environment that are kept; each takes as much disk as its image."""
LIMIT = 300
"""Seconds that the disk may take to be made, and the engine be silent about one."""
_PAUSE = 0.1
MAKER: Mapping[str, Any] = {
    "user": "root",
    "cap_drop": ["ALL"],
    "cap_add": ["DAC_OVERRIDE"],
    "network_mode": "none",
}
"""What makes a disk has to read files of every user, and nothing else."""


Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Order:
    """What a machine's image is made from, and its name."""

    source: Image
    machine: Image
    tag: str
    root: Path


def build_all(
    engine: Engine, session: Session, sources: Sequence[Image], emit: Emit, *, root: Path
) -> list[Image]:
    """Return the images of machines that hold the files of `sources`, made unless they are there.

    Raises BuildError if one cannot be made, and SpaceError before it is tried on a full disk.
    """
    machine = images.build(engine, FOLDER, emit, root=root)
    orders = [
        _Order(each, machine, _tag(each.folder, each.id, machine.tag), root) for each in sources
    ]
    work = partial(_build_one, engine, session, emit=parallel.serial(emit))
    return parallel.each(work, orders)


def present(client: "docker.DockerClient", folder: str, root: Path) -> str:
    """Return the tag of the machine of a folder if it has been made as it is now, else ""."""
    source = images.present(client, folder, root)
    machine = images.present(client, FOLDER, root)
    if not source or not machine:
        return ""
    tag = _tag(folder, images.find(client, source), machine)
    return tag if images.built(client, tag) else ""


def _tag(folder: str, source: str, machine: str) -> str:
    """Return a machine's name; source is its image's id, machine the tag of what boots it."""
    digest = hashlib.sha256(f"{source} {machine}".encode()).hexdigest()
    return f"{ownership.NAMESPACE}/machine-{folder}:{digest[:12]}"


def _build_one(
    engine: Engine, session: Session, order: _Order, cancel: Cancel, *, emit: Emit
) -> Image:
    begin = time.monotonic()
    folder = f"machine-{order.source.folder}"
    with engines.opened(engine, limit=LIMIT) as client:
        found = images.built(client, order.tag)
        if not found:
            waiting = partial(emit, folder, Sentence("waiting"))
            with ownership.locked(f"image-{order.tag}", waiting=waiting, cancel=cancel):
                _make(client, session, order, partial(emit, folder), cancel)
        seconds = time.monotonic() - begin
        return Image(folder, images.find(client, order.tag), order.tag, seconds, built=not found)


def _make(
    client: "docker.DockerClient", session: Session, order: _Order, say: Say, cancel: Cancel
) -> None:
    if images.built(client, order.tag):
        return
    space.require(client, NEEDED)
    guest = order.tag.replace("/machine-", "/guest-")
    arguments = {"BASE": order.source.tag}
    packed = context.pack(GUEST, order.root)
    builder.run(client.api, builder.Order(GUEST, guest, packed, arguments), say, cancel)
    say(Sentence("making_disk"))
    _make_disk(client, session, order, guest)
    for made in (order.tag, guest):
        images.remove_outdated(client, made, GENERATIONS)


def _make_disk(client: "docker.DockerClient", session: Session, order: _Order, guest: str) -> None:
    config = client.images.get(order.source.id).attrs["Config"]
    own = {"etc/service": service(config)}
    with maker(client, session, order.machine.id, guest, own) as making:
        make(making, order.tag)
        labels = ownership.of_image(order.source.folder, order.tag).items()
        repository, _, tag = order.tag.rpartition(":")
        made = [f"LABEL {name}={value}" for name, value in labels]
        making.commit(repository, tag, changes=["USER nobody", 'CMD ["start"]', *made])


@contextmanager
def maker(  # noqa: PLR0913, PLR0917 -- what is made, of what, and by what
    client: "docker.DockerClient",
    session: Session,
    image: str,
    guest: str,
    own: Mapping[str, str],
    command: Sequence[str] = ("disk",),
    **options: Any,  # noqa: ANN401 -- the SDK's
) -> Iterator["Container"]:
    """Yield what makes a disk when it is started: it has a guest's files, and `own` ones.

    image, guest: by their ids or names. It is removed in the end.
    """
    made: list[Container] = []
    labels = dict(session.labels)
    try:
        made.append(ownership.create(client, "guest", guest, ["true"], labels=labels))
        shape = {"labels": labels, "volumes": ["/guest"], **MAKER, **options}
        made.append(ownership.create(client, "disk-maker", image, [*command], **shape))
        made[1].put_archive("/guest", made[0].export())
        made[1].put_archive("/guest", archive.pack(own))
        yield made[1]
    finally:
        for container in made:
            stopping.shielded(partial(leftovers.remove_container, client.api, str(container.id)))


def make(making: "Container", name: str) -> None:
    """Let a maker make the disk of that name. Raises BuildError with what it said."""
    import docker

    try:
        making.start()
    except docker.errors.APIError as error:
        raise BuildError(
            f"The engine refused to make the disk of {name}: {error.explanation}",
            hint=typed("doctor"),
        ) from error
    began, limit = time.monotonic(), pace.limit("disk", LIMIT)
    until(
        lambda: readiness.is_off(making),
        limit=Patience(limit, partial(readiness.work, making)),
        pause=_PAUSE,
        late=lambda: BuildError(f"The disk of {name} was not made within {limit:g} s."),
    )
    pace.remember("disk", time.monotonic() - began, LIMIT)
    if making.attrs["State"]["ExitCode"]:
        detail = making.logs(tail=10).decode(errors="replace")
        raise BuildError(f"The disk of {name} could not be made.", detail=detail)


def service(config: dict[str, Any]) -> str:
    """Return what an image runs, as a file that sh reads: environment, user, command."""
    pairs = [pair.partition("=") for pair in config.get("Env") or ()]
    command = [*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())]
    values = {name: value for name, _, value in pairs}
    values["SERVICE_USER"] = config.get("User") or "root"
    values["SERVICE_COMMAND"] = f"exec {shlex.join(command)}"
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())


def copy(engine: Engine, session: Session, image: str, *, source: str, target: str) -> int:
    """Copy the disk of a machine that is switched off, and return its bytes.

    image: the machine's image; source, target: the volumes. Raises EngineError if it fails.
    """
    holding = partial(throwaway.container, session=session, image=image, command=["true"])
    with (
        engines.opened(engine, limit=LIMIT) as client,
        holding(client, name="disk-from", volumes=[f"{source}:{DISKS}"]) as one,
        holding(client, name="disk-to", volumes=[f"{target}:{DISKS}"]) as other,
    ):
        content, facts = one.get_archive(f"{DISKS}/{DISK}")
        other.put_archive(DISKS, content)
        return int((facts or {})["size"])
