"""Exports a server as a machine: the very files that a container runs, on a disk that boots."""

import shlex
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from deployment_drift import paths
from deployment_drift.build import builder, context, images
from deployment_drift.build.images import Image
from deployment_drift.engine import engines, leftovers, ownership, space, streams
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import DriftError
from deployment_drift.machine.person import OTHERWISE, Person
from deployment_drift.output import say
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.scenes.drift import FOLDERS
from deployment_drift.targets import disks, throwaway

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

FORMATS: Mapping[str, str] = {
    "virtualbox": "ova",
    "vmware": "ovf",
    "hyper-v": "vhdx",
    "kvm": "qcow2",
    "utm": "qcow2",
    "vagrant": "box",
}
"""What each product is given; of an OVF the disk is a file beside it."""
PORTS = {"local": ("8080", "2222"), "release": ("8081", "2223")}
"""Where the pages let this computer reach a server's shop and its ssh server."""
MAKER, GUEST = "images/export", "images/export/guest"
NEEDED = 1500 * 2**20
"""Bytes that an export needs on the engine's disk while it is made."""
GENERATIONS = 2
LIMIT = 300
KNOWN = 'getent passwd "$1" || getent group "$1" || :'
"""Says who has a name already: a user, with the shell of a login in the end, or a group."""
PAGE = "START.md"
MIB = 2**20


def export(server: str, product: str, output: str, person: Person) -> Iterator[str]:
    """Make a folder with a machine and a page of how it is started; yield a line for each.

    Raises DriftError where that cannot be done; then there is no folder.
    """
    require(server, product)
    place = Path(output or f"drift-{server}-{product}")
    if place.exists() or place.is_symlink():
        what = f"{place} is there already, and may be in use"
        raise DriftError(what, hint="another folder with --output, or remove this one")
    with _beside(place) as made:
        _export(server, product, person, made)
        (made / PAGE).write_text(page(server, product), "utf-8")
        made.rename(place)
    for file in sorted(place.iterdir()):
        yield f"{file}: {max(file.stat().st_size / MIB, 0.1):.1f} MiB"
    yield f"{person.name} may log in, with the private half of {person.file}"
    yield f"How to start it: {place / PAGE}"


def page(server: str, product: str) -> str:
    """Return the three steps to start a machine, with ports that the other one does not take."""
    text = (paths.root() / "docs" / "machines" / f"{product}.md").read_text("utf-8")
    first, own = PORTS["local"], PORTS[server]
    for before, now in zip(("drift-local", *first), (f"drift-{server}", *own), strict=True):
        text = text.replace(before, now)
    return text


def require(server: str, product: str) -> None:
    """Raise DriftError for what cannot be exported, before anybody is asked for a key."""
    if server not in FOLDERS:
        known = " or ".join(FOLDERS)
        what = f"{server!r} is no server of the story: {known}"
        raise DriftError(what, hint=typed("machine.export local --for virtualbox"))
    if product not in FORMATS:
        what = f"{product!r} is no product for which there is a format: {', '.join(FORMATS)}"
        raise DriftError(what, hint=typed(f"machine.export {server} --for virtualbox"))


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Yield a folder on the disk of a place; nothing of it is left if the block fails."""
    try:
        with TemporaryDirectory(prefix=".export-", dir=place.absolute().parent) as folder:
            made = Path(folder) / "made"
            made.mkdir()
            yield made
    except OSError as error:
        raise DriftError(f"{place} could not be written: {error.strerror or error}") from error


def _export(server: str, product: str, person: Person, made: Path) -> None:
    """Build what is needed, make the machine on the engine, and copy it into a folder."""
    engine = engines.connect(say)
    if engine.architecture != "amd64":
        what = (
            f"machines are exported for amd64, and this engine's processor is {engine.architecture}"
        )
        raise DriftError(what, hint="DOCKER_HOST=ssh://USER@HOST of a computer with such a one")
    folders = (server, MAKER)
    source, maker = images.build_with_bases(engine, folders, _emit, root=paths.root())
    with ownership.session() as session, engines.opened(engine, limit=LIMIT) as client:
        leftovers.sweep(engine)
        space.require(client, NEEDED)
        guest = _guest(client, source)
        require_login(client, session, guest, person.name)
        name = f"drift-{server}"
        config = client.images.get(source.id).attrs["Config"]
        own = {**identity(name, person), "etc/service": disks.service(config)}
        told = {"FORMAT": FORMATS[product], "NAME": name, **of_box(server, person)}
        say(f"making {FORMATS[product]} of {server}")
        with disks.maker(
            client, session, maker.id, guest, own, ["export"], environment=told
        ) as making:
            disks.make(making, name)
            copy_out(making, "/out", made)


def require_login(client: "docker.DockerClient", session: Session, guest: str, name: str) -> None:
    """Raise DriftError where an image has a user or a group of this name that nobody logs in as."""
    command = ["sh", "-c", KNOWN, "sh", name]
    with throwaway.container(client, session, guest, command, name="passwd", user="0") as one:
        known = throwaway.ended(one).text
    if known and not known.endswith("sh"):
        what = f"nobody could log in as {name}: the machine has it already, for itself"
        raise DriftError(what, hint=f"--user {OTHERWISE}")


def _guest(client: "docker.DockerClient", source: Image) -> str:
    """Return the image of a server with what makes a machine of it, built unless it is there."""
    folders = (disks.GUEST, GUEST)
    packed = {folder: context.pack(folder, paths.root()) for folder in folders}
    digest = context.fingerprint(b"".join(packed.values()), [source.id])
    names = [f"{ownership.NAMESPACE}/{kind}-{source.folder}" for kind in ("bootable", "exported")]
    tags = [f"{name}:{digest}" for name in names]
    for folder, base, tag in zip(folders, (source.tag, tags[0]), tags, strict=True):
        order = builder.Order(folder, tag, packed[folder], {"BASE": base})
        images.ensure(client, order, say, Cancel(), keep=GENERATIONS)
    return tags[-1]


def identity(name: str, person: Person) -> dict[str, str]:
    """Return the files by which a machine knows its name, and who may log in."""
    return {
        "etc/hostname": f"{name}\n",
        "etc/hosts": f"127.0.0.1 localhost\n127.0.1.1 {name}\n",
        "etc/machine": f"LOGIN={shlex.quote(person.name)}\nKEY={shlex.quote(person.key)}\n",
    }


def of_box(server: str, person: Person) -> dict[str, str]:
    """Return what a Vagrantfile says: where the shop is, who logs in, the key as Ruby quotes it."""
    quoted = str(person.private).replace("\\", "\\\\").replace("'", "\\'")
    return {"PORT": PORTS[server][0], "LOGIN": person.name, "PRIVATE_KEY": quoted}


def copy_out(container: "Container", folder: str, to: Path) -> None:
    """Copy the files of a container's folder into one of this machine."""
    parts, _ = container.get_archive(folder)
    with tarfile.open(fileobj=streams.file(parts), mode="r|") as packed:
        for entry in packed:
            content = packed.extractfile(entry) if entry.isfile() else None
            if content:
                with (to / Path(entry.name).name).open("wb") as file:
                    shutil.copyfileobj(content, file, MIB)


def _emit(_: str, line: str) -> None:
    say(line)
