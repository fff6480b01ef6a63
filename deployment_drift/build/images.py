"""Builds an environment's image, unless the very same content has been built before."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployment_drift import parallel, stopping
from deployment_drift.build import bases, builder, context, names
from deployment_drift.build.context import bases_of
from deployment_drift.engine import engines, leftovers, ownership, space
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import BuildError
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.records import Sentence

if TYPE_CHECKING:
    import docker


__all__ = ["Image", "anew", "bases_of", "build", "build_all", "build_with_bases", "ensure"]

NEEDED = 700 * 2**20
"""Bytes that a build needs on the engine's disk, packages that are thrown away included."""
GENERATIONS = 3
"""Images of an environment that are kept: to go back and forth between edits costs nothing."""

Emit = Callable[[str, str], None]


class MissingBaseError(BuildError):
    """A base image has not been prepared."""


@dataclass(frozen=True, slots=True)
class Image:
    """An environment's image; `built` is False if it was there, `seconds` is what it took."""

    folder: str
    id: str
    tag: str
    seconds: float
    built: bool


def build(engine: Engine, folder: str, emit: Emit, *, root: Path) -> Image:
    """Return the image of one environment, as `build_all` does."""
    return build_all(engine, [folder], emit, root=root)[0]


def build_all(engine: Engine, folders: Sequence[str], emit: Emit, *, root: Path) -> list[Image]:
    """Return the images of the environments, in order; they are built side by side.

    folders: `local`, or `local:php` for a Dockerfile's stage of that name, or `container@arm64`
        for another CPU, while that CPU's programs run here; its Dockerfile has an argument BASE.
    emit: is told (folder, line) of what a build prints, by one thread at a time.
    Raises BuildError with the last lines of the first build that failed; the others end then.
    SpaceError before a build on a disk that is too full for it.
    """
    work = partial(_build_one, engine, emit=parallel.serial(emit), root=root)
    return parallel.each(work, folders)


def build_with_bases(
    engine: Engine, folders: Sequence[str], emit: Emit, *, root: Path
) -> list[Image]:
    """Return the images as `build_all` does, once the bases that they start from are there."""
    wanted = dict.fromkeys(base for each in folders for base in bases_of(each, root))
    bases.prepare(engine, list(wanted), emit)
    return build_all(engine, folders, emit, root=root)


@lru_cache  # a client belongs to one examination, which looks at a folder once for all scenes
def present(client: "docker.DockerClient", folder: str, root: Path) -> str:
    """Return the tag of an environment's image if it has been built as it is now, else ""."""
    try:
        tag = _plan(client, folder, root).tag
    except MissingBaseError:
        return ""
    return tag if built(client, tag) else ""


def _plan(client: "docker.DockerClient", name: str, root: Path) -> builder.Order:
    """Return what would build a folder, with the tag that its content leads to."""
    folder, _, cpu = names.parse(name)
    tar = context.pack(folder, root)
    found = [_base(client, base) for base in bases_of(name, root)]
    tag = f"{_repository(name)}:{context.fingerprint(tar, [base.id for base in found])}"
    pinned = {base.name: base.pinned for base in found}
    return builder.Order(name, tag, tar, {"BASE": found[0].pinned} if cpu else {}, pinned)


def _repository(name: str) -> str:
    return f"{ownership.NAMESPACE}/{name.replace(':', '/').replace('@', '-')}"


def _build_one(engine: Engine, name: str, cancel: Cancel, *, emit: Emit, root: Path) -> Image:
    begin = time.monotonic()
    with engines.opened(engine) as client:
        order = _plan(client, name, root)
        found = built(client, order.tag)
        fresh = not found and ensure(client, order, partial(emit, name), cancel)
        seconds = time.monotonic() - begin
        image = found or find(client, order.tag)
        if not image:  # an engine would start something else, or nothing, for an empty name
            what = f"{engine.url} has lost the image of {name} that it had just built"
            raise BuildError(what, hint=typed("doctor"))
        return Image(name, image, order.tag, seconds, built=fresh)


def ensure(  # noqa: PLR0913 -- what, where, and what is kept besides
    client: "docker.DockerClient",
    order: builder.Order,
    say: Callable[[str], None],
    cancel: Cancel,
    *,
    needed: int = NEEDED,
    keep: int = GENERATIONS,
) -> bool:
    """Build unless the image is there, also by another command just now; tell whether it was not.

    needed: bytes on the engine's disk, else a SpaceError; keep: images of that name that may stay.
    """
    waiting = partial(say, Sentence("waiting"))
    with ownership.locked(f"image-{order.tag}", waiting=waiting, cancel=cancel):
        if built(client, order.tag):
            return False
        space.require(client, needed)
        equipped = builder.equipped(order)
        builder.run(client.api, equipped, say, cancel)
        if equipped is not order:
            leftovers.remove_stages(client.api)  # what npm was told is in there
        remove_outdated(client, order.tag, keep)
        return True


@contextmanager
def anew(engine: Engine, name: str, emit: Emit, *, root: Path) -> Iterator[tuple[str, str]]:
    """Build an environment a second time, with no step from before; yield the ids of both images.

    The first keeps its name, and the second is removed when the block ends.
    """
    first = build(engine, name, emit, root=root)
    with engines.opened(engine) as client, ownership.locked(f"image-{first.tag}"):
        order = replace(builder.equipped(_plan(client, name, root)), anew=True)
        try:
            builder.run(client.api, order, partial(emit, name), Cancel())
            yield first.id, find(client, first.tag)
        finally:
            stopping.shielded(partial(_put_back, client, first))


def _put_back(client: "docker.DockerClient", first: Image) -> None:
    """Give an image its name back, and remove the one that had it meanwhile."""
    second = find(client, first.tag)
    repository, _, tag = first.tag.rpartition(":")
    client.api.tag(first.id, repository, tag, force=True)
    if second != first.id:
        client.images.remove(second)


def _base(client: "docker.DockerClient", name: str) -> bases.Base:
    found = bases.find(client, name)
    if not found:
        raise MissingBaseError(f"The base image {name} is not there.", hint=typed("doctor"))
    return found


def find(client: "docker.DockerClient", name: str) -> str:
    """Return the id of the image of that name, "" if the engine has none."""
    import docker

    try:
        return client.images.get(name).id or ""
    except docker.errors.NotFound:
        return ""


def built(client: "docker.DockerClient", tag: str) -> str:
    """Return the id of the image that was built here under that name, "" if the engine has none.

    Somebody may have moved the name to another image: then there is none.
    """
    import docker

    try:
        image = client.images.get(tag)
    except docker.errors.NotFound:
        return ""
    return str(image.id) if image.labels.get(ownership.BUILT_AS) == tag else ""


def remove_outdated(client: "docker.DockerClient", made: str, keep: int) -> None:
    """Keep what was just made, and the newest images besides; one that is in use stays as well.

    What was made of steps from before is as old as those.
    """
    import docker

    found = client.api.images(made.rpartition(":")[0])
    found.sort(key=lambda i: (_is(i, made), i["Created"]), reverse=True)
    for image in found[keep:]:
        for tag in image["RepoTags"] or ():
            with suppress(docker.errors.APIError):
                client.api.remove_image(tag)


def _is(image: "dict[str, Any]", tag: str) -> bool:
    """Whether an image has this name; Podman writes where it is from in front."""
    return any(f"/{name}".endswith(f"/{tag}") for name in image["RepoTags"] or ())
