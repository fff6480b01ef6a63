"""Speaks to registries through an engine: push an image, pull it by its digest, look it up."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from deployment_drift.errors import DriftError
from deployment_drift.ship import login
from deployment_drift.ship.complaints import RegistryError, told

if TYPE_CHECKING:
    import docker

SILENCE = 300
"""Seconds that an engine may say nothing while it packs, sends or unpacks a layer."""
Say = Callable[[str], None]

# The grammar of names, as Distribution's package `reference` has it.
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\]"
_DOMAIN = rf"(?P<registry>(?:{_HOST})(?::\d{{1,5}})?)"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REST = r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
_NAME = re.compile(rf"{_DOMAIN}/(?P<path>{_PART}(?:/{_PART})*){_REST}", re.ASCII)
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Name:
    """What an image is called in a registry: its address, a path, and a tag or a digest or none."""

    registry: str
    path: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the parts of REGISTRY/NAME, REGISTRY/NAME:TAG or REGISTRY/NAME@DIGEST.

        The registry is never left out: a name alone would go to Docker Hub. Raises DriftError.
        """
        found = _NAME.fullmatch(text)
        if not found or len(found["path"]) > _LONGEST or not _is_address(found["registry"]):
            what = f"{text!r} is not the name of an image in a registry"
            raise DriftError(what, hint="type it as registry.example:5000/team/shop, docker.io/…")
        return cls(**{key: value or "" for key, value in found.groupdict().items()})

    @property
    def repository(self) -> str:
        """The name without tag and digest."""
        return f"{self.registry}/{self.path}"

    @property
    def is_here(self) -> bool:
        """Whether the registry is this machine's own, where nobody listens in between."""
        host = re.sub(r":\d+$", "", self.registry).strip("[]")
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False

    def at(self, digest: str) -> "Name":
        """Return the name of what has this digest."""
        return replace(self, tag="", digest=digest)

    def __str__(self) -> str:
        """Return it as it is typed."""
        tag = f":{self.tag}" if self.tag else ""
        return self.repository + tag + (f"@{self.digest}" if self.digest else "")


@dataclass(frozen=True, slots=True)
class Moved:
    """An image that went to a registry or came from one: `layers` of them were sent, of `all`."""

    name: Name
    layers: int
    all: int
    seconds: float


def _is_address(registry: str) -> bool:
    """Tell a registry's address from the first part of a name of Docker Hub, as engines do."""
    _, colon, port = registry.rpartition(":")
    right = not colon or registry.endswith("]") or 0 < int(port) < 2**16
    return right and (any(sign in registry for sign in ".:") or registry == "localhost")


def push(client: "docker.DockerClient", image: str, name: Name, say: Say = lambda _: None) -> Moved:
    """Send an image to a registry, and return its name by the digest that the registry gave it.

    The engine uses what `docker login` has left, or Amazon's own login for its registries. What is
    there already is not sent again. Raises RegistryError.
    """
    begin = perf_counter()
    _require_encrypted(client, name)
    with told(name):
        client.api.tag(image, name.repository, name.tag, force=True)
        who = login.find(name.registry)
        messages = client.api.push(
            name.repository, name.tag, stream=True, decode=True, auth_config=who
        )
        states, digest = _followed(messages, say)
    if not digest:
        raise RegistryError(f"{name.registry} named no digest for {name}", hint="docker images")
    sent = sum(state == "Pushed" for state in states.values())
    return Moved(name.at(digest), sent, len(states), perf_counter() - begin)


def pull(
    client: "docker.DockerClient", name: Name, say: Say = lambda _: None, *, platform: str = ""
) -> Moved:
    """Fetch an image, and return its name by digest; the engine proves each byte of it.

    platform: as linux/arm64, where the name is that of several and not the engine's own is wanted.
    Raises RegistryError.
    """
    begin = perf_counter()
    with told(name):
        wanted = name.digest or name.tag
        messages = client.api.pull(
            name.repository,
            wanted,
            stream=True,
            decode=True,
            auth_config=login.find(name.registry),
            platform=platform or None,
        )
        states, digest = _followed(messages, say)
        fetched = sum(state == "Pull complete" for state in states.values())
        found = name.at(name.digest or digest)
        client.images.get(str(found))
    return Moved(found, fetched, len(states), perf_counter() - begin)


@contextmanager
def names_kept(client: "docker.DockerClient", image: str, name: Name) -> Iterator[None]:
    """Give an image the names back that it had, and the name to whatever had it before."""
    import docker

    def names() -> set[str]:
        found = client.images.get(image)
        return {*found.tags, *(found.attrs["RepoDigests"] or ())}

    before = names()
    owner = None
    with suppress(docker.errors.NotFound):
        owner = client.images.get(str(name)).id
    try:
        yield
    finally:
        for each in sorted(names() - before):
            with suppress(docker.errors.APIError):  # the name by digest goes with the last tag
                client.api.remove_image(each)
        if owner:
            client.api.tag(owner, name.repository, name.tag, force=True)


def look_up(client: "docker.DockerClient", name: Name) -> tuple[str, tuple[str, ...]]:
    """Return the digest that a registry has for a name now, and the platforms that are behind it.

    No platform is told of an OCI manifest by Docker 28. Raises RegistryError.
    """
    with told(name):
        who = login.find(name.registry)
        found = client.api.inspect_distribution(str(name), who)  # type: ignore[no-untyped-call]
    known = found["Platforms"] or ()
    platforms = [f"{each.get('os')}/{each.get('architecture')}" for each in known]
    return found["Descriptor"]["digest"], tuple(platforms)


def require(client: "docker.DockerClient", name: Name, architecture: str) -> None:
    """Raise RegistryError unless a registry has a name, and has it for this CPU."""
    _, platforms = look_up(client, name)
    if platforms and not any(each.startswith(f"linux/{architecture}") for each in platforms):
        what = f"{name} is for {', '.join(platforms)}, and the engine is linux/{architecture}"
        raise RegistryError(what, hint=f"build it for {architecture}, too")


def _require_encrypted(client: "docker.DockerClient", name: Name) -> None:
    """Refuse a registry to which this engine was told to speak unencrypted, unless it is here."""
    known = client.info().get("RegistryConfig", {}).get("IndexConfigs") or {}
    if known.get(name.registry, {}).get("Secure") is False and not name.is_here:
        what = f"the engine speaks to {name.registry} unencrypted (insecure-registries)"
        raise RegistryError(what, hint="take it out of daemon.json, and give it a certificate")


def _followed(messages: Iterable[Mapping[str, Any]], say: Say) -> tuple[dict[str, str], str]:
    """Return what became of each layer, and the digest that was told last."""
    states: dict[str, str] = {}
    digest = error = ""
    for message in messages:
        error = str(message.get("error", error))
        status, layer = message.get("status", ""), message.get("id", "")
        digest = (message.get("aux") or {}).get("Digest") or _digest(status) or digest
        if layer and re.fullmatch(r"[0-9a-f]{12,64}", layer):
            states[layer] = status
        if not message.get("progressDetail") and status:
            say(f"{layer}: {status}".removeprefix(": "))
    if error:  # all has been read: a connection that is left in the middle stays open
        raise RegistryError(error)
    return states, digest


def _digest(status: str) -> str:
    found = re.search(r"\bdigest: (sha256:[0-9a-f]{64})", status, re.IGNORECASE)
    return found[1] if found else ""
