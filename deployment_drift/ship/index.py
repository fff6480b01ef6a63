"""Puts images for several CPUs under one name in a registry: each engine takes its own there."""

import json
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployment_drift.ship import login, registry
from deployment_drift.ship.complaints import RegistryError, told
from deployment_drift.ship.registry import Name, Say

if TYPE_CHECKING:
    import docker
    import requests

TYPES = {
    "application/vnd.docker.distribution.manifest.v2+json": (
        "application/vnd.docker.distribution.manifest.list.v2+json"
    ),
    "application/vnd.oci.image.manifest.v1+json": "application/vnd.oci.image.index.v1+json",
}
"""What an index is called by what its images are. Source: the specifications of both."""
HUB = {"docker.io": "registry-1.docker.io"}
"""Where the API of a registry is that is not at the registry's own name."""
CERTIFICATES = Path("/etc/docker/certs.d")
CLIENT = "deployment-drift"
LIMIT = 60
"""Seconds that a registry may say nothing."""
_PAIR = re.compile(r'(\w+)="([^"]*)"')


def push(
    client: "docker.DockerClient", images: Mapping[str, str], name: Name, say: Say = lambda _: None
) -> Name:
    """Push images, their ids by their CPUs, and return the one name of all, by its digest.

    Each gets a tag of its own besides, with its CPU in it. Raises RegistryError.
    """
    sent = {}
    for cpu, image in images.items():
        own = replace(name, tag=f"{name.tag}-{cpu}")
        with registry.names_kept(client, image, own):
            sent[cpu] = registry.push(client, image, own, say).name
        say(f"{cpu}: {sent[cpu].digest}")
    return make(client, name, sent)


def make(client: "docker.DockerClient", name: Name, images: Mapping[str, Name]) -> Name:
    """Give images, each by its digest, one name in their registry; return that by its digest.

    images: by the CPU that each is for, of which the engine knows more. It cannot send an index:
    that goes there from here, with the user's own login. Raises RegistryError.
    """
    with told(name):
        entries = [_entry(client, cpu, image) for cpu, image in images.items()]
        kind = TYPES[entries[0]["mediaType"]]
        content = {"schemaVersion": 2, "mediaType": kind, "manifests": entries}
        with _session(name) as session:
            return name.at(_put(session, name, kind, json.dumps(content).encode()))


def _entry(client: "docker.DockerClient", cpu: str, image: Name) -> dict[str, Any]:
    """Return what an index says of an image."""
    who = login.find(image.registry)
    found: Any = client.api.inspect_distribution(str(image), who)  # type: ignore[no-untyped-call]
    described = {key: found["Descriptor"][key] for key in ("mediaType", "digest", "size")}
    # of an OCI manifest, Docker 28 tells no platform
    (platform,) = found["Platforms"] or [{"os": "linux", "architecture": cpu}]
    return {**described, "platform": {key: value for key, value in platform.items() if value}}


@contextmanager
def _session(name: Name) -> Iterator["requests.Session"]:
    """Yield a session that trusts whom an engine of this machine would trust."""
    import requests
    from requests.utils import get_environ_proxies

    with closing(requests.Session()) as session, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nobody listens on the way to this machine's own
        session.trust_env = False  # else REQUESTS_CA_BUNDLE goes before `verify`
        session.proxies = get_environ_proxies(f"https://{name.registry}")
        session.verify = _trusted(name)
        try:
            yield session
        except requests.RequestException as error:
            raise RegistryError(str(error)) from error


def _trusted(name: Name) -> bool | str:
    """Return the file of the authority to trust, True for the usual ones; on loopback, anybody."""
    own = CERTIFICATES / name.registry / "ca.crt"
    if own.is_file():
        return str(own)
    return not name.is_here and (os.environ.get("REQUESTS_CA_BUNDLE") or True)


def _put(session: "requests.Session", name: Name, kind: str, content: bytes) -> str:
    """Send an index, and return the digest that the registry gives it."""
    url = f"{_enter(session, name)}{name.path}/manifests/{name.tag}"
    answer = session.put(url, content, headers={"Content-Type": kind}, timeout=LIMIT)
    digest = answer.headers.get("Docker-Content-Digest")
    if not answer.ok or not digest:
        raise RegistryError(f"{answer.status_code} {answer.text}")
    return digest


def _enter(session: "requests.Session", name: Name) -> str:
    """Return where the registry's API is, with a session that is let in there."""
    url, answer = _found(session, name)
    known = login.find(name.registry) or {}
    user = (known["username"], known["password"]) if "username" in known else None
    way, _, words = answer.headers.get("WWW-Authenticate", "").partition(" ")
    if way.lower() == "bearer":
        asked = dict(_PAIR.findall(words))
        session.headers["Authorization"] = f"Bearer {_token(session, name, asked, known)}"
    elif way:
        session.auth = user
    return url


def _found(session: "requests.Session", name: Name) -> tuple[str, "requests.Response"]:
    """Return where the registry's API is, and what it says; unencrypted on loopback alone."""
    import requests

    url = f"https://{HUB.get(name.registry, name.registry)}/v2/"
    try:
        return url, session.get(url, timeout=LIMIT)
    except requests.exceptions.SSLError:
        if not name.is_here:
            raise
        url = url.replace("https", "http", 1)
        return url, session.get(url, timeout=LIMIT)


def _token(
    session: "requests.Session", name: Name, asked: dict[str, str], known: login.Login
) -> str:
    """Return what lets the session push, from where the registry sends whoever comes."""
    realm = asked.pop("realm", "")
    if not realm.startswith("https://") and not name.is_here:
        raise RegistryError(f"401 it asks for the password unencrypted: {realm}")
    scope = {**asked, "scope": f"repository:{name.path}:pull,push"}
    if identity := known.get("identitytoken"):
        grant = {"grant_type": "refresh_token", "refresh_token": identity, "client_id": CLIENT}
        answer = session.post(realm, data={**scope, **grant}, timeout=LIMIT)
    else:
        user = (known["username"], known["password"]) if known else None
        answer = session.get(realm, params=scope, auth=user, timeout=LIMIT)
    if not answer.ok:
        raise RegistryError(f"{answer.status_code} {answer.text}")
    said = answer.json()
    return str(said.get("token") or said["access_token"])
