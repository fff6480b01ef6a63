"""Exported machines on what products would give them, and a container: python -m bench.machines.

What is played is QEMU with a product's controller, network card and firmware, not the product.
"""

import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

from bench.targets import timed
from deployment_drift import paths, targets
from deployment_drift.build import images
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.machine.export import FORMATS, MIB, export
from deployment_drift.machine.person import Person
from deployment_drift.targets import disks, readiness
from deployment_drift.targets.target import Target
from deployment_drift.waiting import Patience, until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

COMPUTER = Path(__file__).with_name("computer")
SITE = paths.root() / "docs" / "machines" / "README.md"
PATIENCE = 300.0
"""Seconds that a machine has for its first page; more while it goes on working."""
ANSWER = 60.0
NOBODY = Person("attendee", Path("id.pub"), "ssh-ed25519 AAAA nobody")
ALSO = {"virtualbox-ide": "virtualbox"}
"""What products also give a machine, and whose file that one has."""


@dataclass(frozen=True)
class Computer:
    """A computer that runs a machine: where its shop and its ssh server are on this one."""

    container: "Container"
    shop: str
    ssh: int

    def answers(self) -> bool:
        """Whether the shop answers; it has time for that, since asking again costs more."""
        self.container.reload()
        if self.container.status != "running":
            said = self.container.logs(tail=15).decode(errors="replace")
            raise HostError("the computer went off before its shop answered", detail=said)
        try:
            with urlopen(f"{self.shop}/", timeout=ANSWER) as answer:  # noqa: S310 -- ours
                return int(answer.status) == 200  # noqa: PLR2004 -- OK
        except OSError:
            return False


def computer(engine: Engine, client: "docker.DockerClient") -> str:
    """Return the id of the image that plays computers, on top of what runs other machines."""
    base = images.build(engine, disks.FOLDER, lambda *_: None, root=paths.root())
    labels = ownership.of_image("bench/computer", "")
    built, _ = client.images.build(
        path=str(COMPUTER), buildargs={"BASE": base.tag}, labels=labels, rm=True
    )
    return str(built.id)


@contextmanager
def powered_on(
    client: "docker.DockerClient", session: Session, image: str, product: str, disk: Path
) -> Iterator[Computer]:
    """Yield a computer as a product makes them, which boots from the disk in a file."""
    options: dict[str, Any] = {
        "environment": {"PRODUCT": product},
        "volumes": ["/disk"],
        "ports": dict.fromkeys(("22/tcp", "80/tcp"), ("127.0.0.1", 0)),
        "labels": dict(session.labels),
    }
    made = ownership.create(client, f"computer-{product}", image, **options)
    try:
        _put(made, disk)
        made.start()
        made.reload()
        ports = [int((made.ports[name] or [{}])[0]["HostPort"]) for name in ("80/tcp", "22/tcp")]
        yield Computer(made, f"http://127.0.0.1:{ports[0]}", ports[1])
    finally:
        leftovers.remove_container(client.api, str(made.id))


def _put(container: "Container", disk: Path) -> None:
    with TemporaryFile() as spool:
        with tarfile.open(fileobj=spool, mode="w") as packed:
            packed.add(disk, disk.name)
        spool.seek(0)
        container.put_archive("/disk", spool)


def first_page(machine: Computer) -> None:
    """Come back when the shop has shown its first page; HostError where it does not."""
    until(
        machine.answers,
        limit=Patience(PATIENCE, partial(readiness.work, machine.container)),
        pause=0.5,
        late=lambda: HostError(
            f"no page in {PATIENCE:.0f} s", detail=str(machine.container.logs())
        ),
    )


def disk_of(folder: Path) -> Path:
    """Return the file of an export that has the disk."""
    (found,) = (each for each in folder.iterdir() if each.suffix not in {".md", ".ovf", ".mf"})
    return found


def written(place: Path) -> None:
    """Export a server to a folder that is named like the product."""
    for line in export("local", place.name, str(place), NOBODY):
        print(line)


def boot(
    client: "docker.DockerClient", session: Session, image: str, product: str, disk: Path
) -> None:
    """Power a computer on until the shop has shown its first page."""
    with powered_on(client, session, image, product, disk) as machine:
        first_page(machine)


def contained(engine: Engine, session: Session) -> float:
    """Return the seconds that the same server takes as a container."""
    image = images.build(engine, "local", lambda *_: None, root=paths.root())
    begin = perf_counter()
    with targets.start(engine, session, [Target("local", image.id)]):
        return perf_counter() - begin


def rows(engine: Engine) -> Iterator[str]:
    """Export and boot for each product, and yield a row of the page for each."""
    with (
        ownership.session() as session,
        engines.opened(engine) as client,
        TemporaryDirectory() as folder,
    ):
        image = computer(engine, client)
        for product in (*FORMATS, *ALSO):
            place = Path(folder, ALSO.get(product, product))
            exported = 0.0 if place.exists() else timed(partial(written, place))
            disk = disk_of(place)
            booted = timed(partial(boot, client, session, image, product, disk))
            times = booted / contained(engine, session)
            size = f"{disk.stat().st_size / MIB:.0f} MiB | {exported:.0f} s"
            yield f"| {product} | `{disk.name}` | {size} | {booted:.0f} s | {times:.0f} |"


def main() -> None:
    """Write the page that says what booted, in how many seconds, beside the container."""
    engine = engines.connect(print)
    table = "\n".join(rows(engine))
    text = Template(Path(__file__).with_suffix(".md").read_text("utf-8"))
    day, load = datetime.now(UTC).date(), f"{os.getloadavg()[1]:.0f}"
    SITE.write_text(text.substitute(day=day, load=load, table=table), "utf-8")
    print(SITE)


if __name__ == "__main__":
    main()
