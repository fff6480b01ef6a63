"""One name for several CPUs' images, as it goes to a registry's API."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import pytest

from deployment_drift.ship import index
from deployment_drift.ship.complaints import RegistryError
from deployment_drift.ship.registry import Name, look_up

DIGESTS = {"amd64": f"sha256:{'a' * 64}", "arm64": f"sha256:{'b' * 64}"}
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
LOGIN = {"username": "me", "password": "moonlight"}
USER = f"Basic {base64.b64encode(b'me:moonlight').decode()}"


@dataclass
class Registry:
    """A registry's API on loopback: whom it lets in, how it says so, and what it was sent."""

    way: str = ""
    wanted: str = ""
    refuses: int = 0
    name: Name = field(init=False)
    heard: list[tuple[str, str]] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Give one whose user has logged in there with the Docker client."""
    made = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.heard.append((self.path, self.headers.get("Authorization", "")))
            if urlsplit(self.path).path == "/token":
                self.answer(200, b'{"token": "t0ken"}')
            else:
                self.answer(401 if made.way else 200)

        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            made.heard.append((self.path, said))
            self.answer(200, b'{"access_token": "t0ken"}')

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            told = self.headers.get("Authorization", "")
            made.heard.append((self.path, told))
            if made.refuses or told != made.wanted:
                return self.answer(made.refuses or 401)
            made.content = json.loads(content)
            return self.answer(201, digest=f"sha256:{hashlib.sha256(content).hexdigest()}")

        def answer(self, status: int, body: bytes = b"", digest: str = "") -> None:
            self.send_response(status)
            if status == 401:
                realm = f'realm="http://127.0.0.1:{server.server_port}/token",service="s"'
                self.send_header("WWW-Authenticate", f"{made.way} {realm}")
            if digest:
                self.send_header("Docker-Content-Digest", digest)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    made.name = Name(f"127.0.0.1:{server.server_port}", "team/shop", "1")
    login = {"auths": {made.name.registry: {"auth": USER.partition(" ")[2]}}}
    (tmp_path / "config.json").write_text(json.dumps(login))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    yield made
    server.shutdown()
    server.server_close()


def client(kind: str = DOCKER, *, tells: bool = True) -> Any:  # noqa: ANN401 -- the SDK's
    """Return a client of an engine that knows what the registry has."""

    def inspect(name: str, _: object) -> dict[str, Any]:
        digest = name.partition("@")[2]
        cpu = next(cpu for cpu, each in DIGESTS.items() if each == digest)
        platform = {"os": "linux", "architecture": cpu, "variant": ""}
        descriptor = {"mediaType": kind, "digest": digest, "size": 7, "annotations": None}
        return {"Descriptor": descriptor, "Platforms": [platform] if tells else None}

    made = Mock()
    made.api.inspect_distribution = inspect
    return made


def made(registry: Registry, kind: str = DOCKER) -> Name:
    """Make the index of both images."""
    named = {cpu: registry.name.at(digest) for cpu, digest in DIGESTS.items()}
    return index.make(client(kind), registry.name, named)


def test_index_names_each_image_and_its_cpu(registry: Registry) -> None:
    """The index has both digests with their CPUs, and is itself known by the registry's digest."""
    found = made(registry)
    assert found == registry.name.at(found.digest)
    entries = registry.content["manifests"]
    assert {e["platform"]["architecture"]: e["digest"] for e in entries} == DIGESTS
    assert entries[0]["platform"] == {"os": "linux", "architecture": "amd64"}
    assert registry.heard[-1] == ("/v2/team/shop/manifests/1", "")


def test_an_engine_that_tells_no_platform(registry: Registry) -> None:
    """Docker 28 tells none of an OCI manifest: the index has the CPUs that were built for."""
    named = {cpu: registry.name.at(digest) for cpu, digest in DIGESTS.items()}
    engine = client(tells=False)
    index.make(engine, registry.name, named)
    seen = [each["platform"] for each in registry.content["manifests"]]
    assert seen == [{"os": "linux", "architecture": cpu} for cpu in DIGESTS]
    assert look_up(engine, named["amd64"]) == (DIGESTS["amd64"], ())


@pytest.mark.parametrize(
    ("kind", "whole"),
    [
        (DOCKER, "application/vnd.docker.distribution.manifest.list.v2+json"),
        (
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
        ),
    ],
)
def test_index_is_of_its_images_kind(registry: Registry, kind: str, whole: str) -> None:
    """Docker's images have Docker's kind of index, and OCI's have OCI's."""
    made(registry, kind)
    assert registry.content["mediaType"] == whole


def test_password_is_the_docker_clients(registry: Registry) -> None:
    """A registry that asks for a password is told the one that `docker login` has left."""
    registry.way, registry.wanted = "Basic", USER
    assert made(registry).digest


def test_token_is_fetched_where_the_registry_says(registry: Registry) -> None:
    """The password goes to the server of tokens alone, for this one path; the token to the API."""
    registry.way, registry.wanted = "Bearer", "Bearer t0ken"
    assert made(registry).digest
    scope = "/token?service=s&scope=repository%3Ateam%2Fshop%3Apull%2Cpush"
    assert registry.heard[1:] == [
        (scope, USER),
        ("/v2/team/shop/manifests/1", "Bearer t0ken"),
    ]


def test_identity_token_is_exchanged(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where `docker login` has left a token for a password, as Azure's does, that is exchanged."""
    registry.way, registry.wanted = "Bearer", "Bearer t0ken"
    left = {"auth": USER.partition(" ")[2], "identitytoken": "mine"}
    (tmp_path / "config.json").write_text(json.dumps({"auths": {registry.name.registry: left}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    assert made(registry).digest
    path, said = registry.heard[1]
    assert path == "/token"
    assert parse_qs(said)["grant_type"] == ["refresh_token"]
    assert parse_qs(said)["refresh_token"] == ["mine"]
    assert parse_qs(said)["scope"] == ["repository:team/shop:pull,push"]


def test_no_password_goes_unencrypted() -> None:
    """A registry elsewhere that asks for the password over http gets none, and no request."""
    session, name = Mock(), Name("registry.example", "shop", "1")
    with pytest.raises(RegistryError, match="unencrypted"):
        index._token(session, name, {"realm": "http://tokens.example/"}, LOGIN)  # noqa: SLF001
    assert not session.get.called


@pytest.mark.parametrize(
    ("status", "says"), [(403, "does not let you in"), (405, "read-only"), (502, "not answer")]
)
def test_refusal_is_one_sentence(registry: Registry, status: int, says: str) -> None:
    """What the registry says to an index is explained like all that it says."""
    registry.refuses = status
    with pytest.raises(RegistryError, match=says):
        made(registry)


def test_registry_that_is_away(registry: Registry) -> None:
    """Nobody answers there: that is said."""
    registry.name = Name("127.0.0.1:1", "team/shop", "1")
    with pytest.raises(RegistryError, match="does not answer"):
        made(registry)
