"""Speaks to registries through an engine: push an image, pull it by its digest, look it up."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from deployment_drift.errors import DriftError
from deployment_drift.ship import login

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
_SECRET = re.compile(r"(?<=://)[^@/\s]+@")

# What registries and engines say, what it means, and what to type next.
_REASONS = (
    (r"HTTP response to HTTPS client", "is not encrypted, which is only for this machine's own",
     "give it a certificate, or push to 127.0.0.1"),
    (r"x509|certificate|tls: ", "shows a certificate that the engine does not trust",
     "put its authority at /etc/docker/certs.d/{registry}/ca.crt, where the engine runs"),
    (r"toomanyrequests|too many requests|\b429\b", "asks to be left alone for a while (429)",
     "the same a few minutes later; after docker login {registry} it may allow more"),
    (r"immutab|cannot be overwritten|tag .* already exists",
     "has that tag for another image, and lets nobody move it",
     "give --to no tag: then the content is the tag"),
    (r"unauthorized|denied|no basic auth|authentication required|forbidden|\b40[13]\b",
     "does not let you in", "docker login {registry}"),
    (r"read-only|unsupported|\b405\b", "takes nothing: it is read-only", "push to another one"),
    (r"verification failed|unexpected commit digest|digest invalid|does not match",
     "gives other content than the digest says", "push the image again, under a new name"),
    (r"no space left|insufficient storage|\b507\b", "or the engine has no space left",
     "df -h, where the registry and the engine keep their data"),
    (r"no matching manifest|does not match the (?:specified|detected)|wrong architecture",
     "has it for other CPUs only", "docker manifest inspect {name}"),
    (r"manifest unknown|not found|name unknown|\b404\b", "does not have it",
     "look at the name and the digest: docker images --digests"),
    (r"\b500\b", "is in trouble itself, its disk full perhaps",
     "df -h and its log, where it runs"),
    # the last is what is left of a handshake that took too long: the engine tried it unencrypted
    (r"refused|no such host|timeout|timed out|EOF|reset by peer|unreachable|\b50[234]\b|an HTTPS",
     "does not answer, or has stopped in the middle",
     "the same again: what has arrived is not sent again"),
)  # fmt: skip
_HERE = (
    r"x509|certificate|tls: ", "shows a certificate that the engine does not trust",
    "play it on Docker, which needs to know no certificate of this machine's own registries",
)  # fmt: skip


class RegistryError(DriftError):
    """A registry, or an engine on its behalf, did not do what it was asked for."""


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


@contextmanager
def told(name: Name) -> Iterator[None]:
    """Say in one sentence what a registry, or the engine on its way there, complained of."""
    import docker
    import requests

    try:
        yield
    except RegistryError as error:
        raise explained(name, error.what) from error
    except docker.errors.DockerException as error:  # also what a credential helper says
        raise explained(name, str(getattr(error, "explanation", "") or error)) from error
    except KeyError as error:  # the SDK looks for a `message`, but Podman says `error`
        said = getattr(getattr(error.__context__, "response", None), "text", "")
        raise explained(name, said or repr(error)) from error
    except requests.RequestException as error:
        raise explained(name, f"the engine stopped answering: {error}") from error


def explained(name: Name, words: str) -> RegistryError:
    """Return the error for what was complained of, which is shown without anybody's secrets."""
    with suppress(ValueError, LookupError, TypeError):  # what Podman says is the last of its JSON
        words = str(json.loads(words.splitlines()[-1])["error"])
    shown = _SECRET.sub("", words).strip()
    for pattern, meaning, hint in (*[_HERE] * name.is_here, *_REASONS):
        if re.search(pattern, words, re.IGNORECASE):
            where = {"registry": name.registry, "name": name}
            what = f"the registry {name.registry} {meaning}: {name}"
            return RegistryError(what, hint=hint.format(**where), detail=shown)
    return RegistryError(f"{name} could not be moved", hint="docker info", detail=shown)
