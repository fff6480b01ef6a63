"""Prepares the base images: used when present, else pulled, else made from Debian's packages."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from deployment_drift import parallel
from deployment_drift.build import archive, bootstrap, builder, names
from deployment_drift.engine import engines, notes, ownership, space, streams
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import BuildError
from deployment_drift.parallel import Cancel
from deployment_drift.records import Sentence

if TYPE_CHECKING:
    import docker

LABEL = "deployment-drift.base"
PULL_SILENCE = 10.0
"""Seconds that a registry may be silent before it counts as not answering."""
IMPORT_SILENCE = 300.0
NEEDED = 600 * 2**20
"""Bytes that a base image needs on the engine's disk while it is taken in."""

Emit = Callable[[str, str], None]
Origin = Literal["present", "pulled", "bootstrapped"]


@dataclass(frozen=True, slots=True)
class Base:
    """A base image that is there: `digest` is the registry's, "" where none ever named it."""

    name: str
    id: str
    digest: str
    origin: Origin

    @property
    def pinned(self) -> str:
        """What a Dockerfile calls this very image: by digest, where a registry gave one."""
        return f"{split(self.name)[0]}@{self.digest}" if self.digest else self.name


def prepare(engine: Engine, names: Sequence[str], emit: Emit) -> list[Base]:
    """Return the base images in the order of their names; they are prepared side by side.

    emit: is told (name, line) of progress, by one thread at a time.
    Raises BuildError if one can be neither pulled nor made from packages, and SpaceError before
    that on a disk that is too full for it.
    """
    said = parallel.serial(emit)
    work = partial(_prepare_one, engine, emit=said)
    found = parallel.each(work, names)
    require_distinct({base.name: base.id for base in found})
    return found


def require_distinct(ids: Mapping[str, str]) -> None:
    """Raise BuildError where two base images are one: what is built on them could not drift.

    ids: the images' ids by their names.
    """
    for name, image in ids.items():
        if same := [other for other, found in ids.items() if found == image and other > name]:
            raise BuildError(
                f"{name} and {same[0]} are one image: somebody has moved a name.",
                hint=f"docker image rm {name} {same[0]}",
            )


def _prepare_one(engine: Engine, name: str, cancel: Cancel, *, emit: Emit) -> Base:
    say = partial(emit, name)
    with engines.opened(engine) as client:
        require_unmoved(client, name)
        return find(client, name) or _fetch(client, name, say, cancel)


def require_unmoved(client: "docker.DockerClient", name: str) -> None:
    """Raise BuildError where a name was prepared here, and leads to another image now.

    A newer one that a registry gave is none that somebody has moved it to.
    """
    found, noted = find(client, name), _noted(name)
    if not found or found.digest or not noted or found.id in noted:
        return
    if any(find(client, image) for image in noted):  # else that engine's images are others
        what = f"{name} is another image than was prepared: somebody has moved the name."
        raise BuildError(what, hint=f"docker image rm {name}")


def _noted(name: str) -> list[str]:
    """Return the ids of what was prepared under that name."""
    lines = map(str.split, notes.read(notes.BASES))
    return [image for image, *called in lines if called == [name]]


def _fetch(
    client: "docker.DockerClient", name: str, say: Callable[[str], None], cancel: Cancel
) -> Base:
    waiting = partial(say, Sentence("waiting"))
    with ownership.locked(f"base-{name}", waiting=waiting, cancel=cancel):
        found = find(client, name)
        if found:
            return found
        builder.require_online(name)
        space.require(client, NEEDED)
        return _pull(client, name, say, cancel) or _make(client, name, say, cancel)


def find(client: "docker.DockerClient", name: str, origin: Origin = "present") -> Base | None:
    """Return the base image of that name if the engine has it."""
    import docker

    try:
        image = client.images.get(name).attrs
    except docker.errors.NotFound:
        return None
    # some engines digest what was made here, too, but no registry knows that
    made = (image.get("Config", {}).get("Labels") or {}).get(LABEL)
    known = [] if made else image.get("RepoDigests") or ()
    digests = (each.partition("@")[2] for each in known if _is_of(each, split(name)[0]))
    return Base(name, image["Id"], next(digests, ""), origin)


def _is_of(digest: str, repository: str) -> bool:
    """Tell whether a registry knows a digest by that repository; Podman writes a name in full."""
    known = digest.partition("@")[0]
    return known.removeprefix("docker.io/").removeprefix("library/") == repository


def suite(name: str) -> str | None:
    """Return the Debian suite that an image's name speaks of: "trixie" for debian:trixie-slim."""
    found = re.search(r"(?:^|/)debian:([a-z]+)(-slim)?$", name)
    return found[1] if found else None


def split(name: str) -> tuple[str, str]:
    """Return an image name's repository and tag; a port is no tag."""
    repository, colon, tag = name.rpartition(":")
    return (repository, tag) if colon and "/" not in tag else (name, "latest")


def _pull(
    client: "docker.DockerClient", name: str, say: Callable[[str], None], cancel: Cancel
) -> Base | None:
    import docker
    import requests

    repository, tag = split(name)
    cpu = names.cpu(name)
    params = {"fromImage": repository, "tag": tag, "platform": f"linux/{cpu}" if cpu else ""}
    request = streams.Request("/images/create", params, PULL_SILENCE)
    say(Sentence("pulling"))
    try:
        _follow(streams.post(client.api, request, cancel), say)
    except (
        docker.errors.APIError,
        BuildError,
        requests.Timeout,
        requests.ConnectionError,
    ) as error:
        say(Sentence("not_pulled", reason=_brief(error)))
        return None
    return remember(find(client, name, "pulled"))


def _make(
    client: "docker.DockerClient", name: str, say: Callable[[str], None], cancel: Cancel
) -> Base:
    wanted = suite(name)
    if wanted is None:
        raise BuildError(
            f"The base image {name} could not be pulled, and it is not a Debian suite.",
            hint=f"docker pull {name}",
        )
    bootstrap.require(say)
    cpu = names.cpu(name)
    tar = bootstrap.tar(wanted, cpu or client.version()["Arch"], say, cancel)
    request = _load(name, cpu, tar) if cpu else _import(name, tar)
    _follow(streams.post(client.api, request, cancel), say)
    return remember(find(client, name, "bootstrapped"))


def _import(name: str, tar: Iterable[bytes]) -> streams.Request:
    changes = ['CMD ["bash"]', f"LABEL {LABEL}=bootstrapped"]
    # Podman 4 leaves out a tag that is told apart
    params = {"fromSrc": "-", "repo": name, "changes": changes}
    return streams.Request("/images/create", params, IMPORT_SILENCE, tar)


def _load(name: str, cpu: str, tar: Iterable[bytes]) -> streams.Request:
    config = {"Cmd": ["bash"], "Labels": {LABEL: "bootstrapped"}}
    packed = archive.image(tar, name, cpu, config)
    return streams.Request("/images/load", {"quiet": "1"}, IMPORT_SILENCE, packed)


def _brief(error: Exception) -> str:
    """Return what a registry, or the engine on its behalf, complained of."""
    return str(getattr(error, "explanation", None) or error).strip()


def _follow(messages: Iterable[dict[str, Any]], say: Callable[[str], None]) -> None:
    """Tell what the engine does to an image, once a layer and state; raise what it complains of."""
    for message in messages:
        if "error" in message:
            raise BuildError(message["error"])
        if not message.get("progressDetail"):
            words = (message.get("id"), message.get("status"), message.get("stream", "").strip())
            say(": ".join(filter(None, words)))


def remember(base: Base | None) -> Base:
    """Note that this image is here because of us: `clean --all` removes what is noted."""
    if base is None:
        raise BuildError("The engine lost a base image that it had just taken.")
    notes.add(notes.BASES, f"{base.id} {base.name}")
    return base
