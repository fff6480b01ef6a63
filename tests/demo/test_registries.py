"""Registries as people have them, each a real one: with a password, read-only, full, busy, away."""

import base64
import io
import json
import os
import re
import socket
import tarfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import docker
import pytest
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.ship import registry
from deployment_drift.ship.complaints import RegistryError
from deployment_drift.ship.registry import Name
from deployment_drift.targets import throwaway

PASSWORD = "moonlight"  # noqa: S105 -- of a registry that a test starts
USERS = "me:$2y$05$/HTpqk0s1TGRyFIxG2SwrOWV.8ZNUxpLjhXZeCyEBkA5YX3TpVk1S"
WITH_PASSWORD = {
    "REGISTRY_AUTH": "htpasswd",
    "REGISTRY_AUTH_HTPASSWD_REALM": "shop",
    "REGISTRY_AUTH_HTPASSWD_PATH": "/tmp/users",  # noqa: S108 -- inside
}
READ_ONLY = {"REGISTRY_STORAGE_MAINTENANCE_READONLY": "{enabled: true}"}
STORAGE = "/var/lib/registry"
LISTENS = "until bash -c ': </dev/tcp/127.0.0.1/5000' 2>/dev/null; do sleep 0.1; done"
NOBODY = f"sha256:{'0' * 64}"
TINY = "deployment-drift/tiny"
BUSY = Path(__file__).with_name("busy.cfg")


class Starts(Protocol):
    """Starts what is to be a registry, and gives its container and the name of an image in it."""

    def __call__(
        self,
        image: str,
        command: Sequence[str],
        **options: Any,  # noqa: ANN401 -- the SDK's
    ) -> AbstractContextManager[tuple[Container, Name]]:
        """Yield it while it runs."""


@pytest.fixture(scope="module")
def built(engine: Engine) -> dict[str, str]:
    """Give the images of a registry and of a proxy, by their names."""
    folders = ("images/registry", "images/proxy")
    made = images.build_all(engine, folders, lambda *_: None, root=paths.root())
    return {each.folder.partition("/")[2]: each.id for each in made}


@pytest.fixture(scope="module")
def starts(docker_client: docker.DockerClient) -> Starts:
    """Give what starts a container that listens at 5000, on a port of its own."""

    @contextmanager
    def start(
        image: str,
        command: Sequence[str],
        **options: Any,  # noqa: ANN401 -- the SDK's
    ) -> Iterator[tuple[Container, Name]]:
        ports = {"5000/tcp": ("127.0.0.1", 0)}
        with (
            ownership.session() as session,
            throwaway.container(
                docker_client,
                session,
                image,
                list(command),
                name="registry",
                **{"ports": ports, **options},
            ) as made,
        ):
            assert throwaway.ask(made, LISTENS).done
            made.reload()
            port = (made.ports["5000/tcp"] or [{}])[0]["HostPort"]
            yield made, Name(f"127.0.0.1:{port}", TINY, "1")

    return start


@pytest.fixture(scope="module")
def anonymous(starts: Starts, built: dict[str, str]) -> Iterator[tuple[Container, Name]]:
    """Give a registry that takes everything from everybody."""
    with starts(built["registry"], ["start"]) as made:
        yield made


@pytest.fixture(scope="module")
def locked(starts: Starts, built: dict[str, str]) -> Iterator[Name]:
    """Give a registry that lets in who has the password."""
    command = ["sh", "-c", f"echo '{USERS}' >/tmp/users; exec start"]
    with starts(built["registry"], command, environment=WITH_PASSWORD) as (_, name):
        yield name


@pytest.fixture(scope="module")
def tiny(docker_client: docker.DockerClient) -> Iterator[str]:
    """Give an image of one file, which is pushed in no time."""
    yield imported(docker_client, Path(__file__).read_bytes())
    for image in docker_client.images.list(TINY):
        docker_client.images.remove(str(image.id), force=True)


def imported(client: docker.DockerClient, content: bytes, tag: str = "test") -> str:
    """Return the name of an image that is made of one file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo("file")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    client.api.import_image_from_data(packed.getvalue(), TINY, tag)
    return f"{TINY}:{tag}"


@pytest.fixture(scope="module", autouse=True)
def refused(
    engine: Engine, starts: Starts, built: dict[str, str]
) -> Iterator[dict[str, Future[RegistryError]]]:
    """Give what is said of two registries with which the engine tries for a minute, meanwhile."""
    busy = f"echo '{BUSY.read_text('utf-8')}' >/tmp/busy && exec haproxy -db -f /tmp/busy"

    def push(name: Name, tag: str) -> RegistryError:
        with engines.opened(engine) as connected, pytest.raises(RegistryError) as caught:
            registry.push(connected, imported(connected, os.urandom(2**20), tag), name)
        return caught.value

    with (
        starts(built["registry"], ["start"], tmpfs={STORAGE: "size=64k,mode=1777"}) as (_, full),
        starts(built["proxy"], ["sh", "-c", busy]) as (_, asking),
        ThreadPoolExecutor() as pool,
    ):
        yield {"full": pool.submit(push, full, "full"), "busy": pool.submit(push, asking, "busy")}


@pytest.fixture
def client(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[docker.DockerClient]:
    """Give a client whose user has logged in nowhere yet, and has no names of images left over."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with engines.opened(engine) as connected:
        yield connected
        names = [tag for image in connected.images.list() for tag in image.tags]
        for name in [each for each in names if re.match(f"127.0.0.1:.*{TINY}:1", each)]:
            connected.api.remove_image(name)


def test_push_and_pull_by_digest(
    anonymous: tuple[Container, Name], client: docker.DockerClient, tiny: str
) -> None:
    """What was pushed is found by the digest that the registry gave it; twice moves nothing."""
    _, name = anonymous
    moved = registry.push(client, tiny, name)
    assert registry.look_up(client, name)[0] == moved.name.digest
    assert (moved.layers, registry.push(client, tiny, name).layers) == (1, 0)
    assert registry.pull(client, moved.name).name == moved.name
    with pytest.raises(RegistryError, match="does not have it"):
        registry.pull(client, name.at(NOBODY))


def test_no_name_is_left_and_none_is_lost(
    anonymous: tuple[Container, Name], client: docker.DockerClient, tiny: str
) -> None:
    """A push leaves no name on the engine; one that was somebody's before is theirs again."""
    _, name = anonymous
    with registry.names_kept(client, tiny, name):
        registry.push(client, tiny, name)
    image = client.images.get(tiny)
    assert (image.tags, image.attrs["RepoDigests"]) == ([tiny], [])
    theirs = client.images.get("debian:trixie-slim")
    theirs.tag(name.repository, name.tag)
    with registry.names_kept(client, tiny, name):
        registry.push(client, tiny, name)
    assert client.images.get(str(name)).id == theirs.id


def test_password_is_the_clients_own(
    locked: Name, client: docker.DockerClient, tiny: str, tmp_path: Path
) -> None:
    """A registry with a password lets in who has logged in with the Docker client; no one else."""
    with pytest.raises(RegistryError, match="does not let you in") as caught:
        registry.push(client, tiny, locked)
    assert caught.value.hint == f"docker login {locked.registry}"
    said = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
    settings = {"auths": {locked.registry: {"auth": said}}}
    (tmp_path / "config.json").write_text(json.dumps(settings), "utf-8")
    client.api.reload_config()
    lines: list[str] = []
    assert registry.push(client, tiny, locked, lines.append).name.digest
    assert not [line for line in lines if PASSWORD in line or said in line]


def test_credential_helper_is_asked(
    locked: Name,
    client: docker.DockerClient,
    tiny: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the Docker client keeps passwords in a helper's care, that is asked, and used."""
    helper = tmp_path / "docker-credential-moon"
    answer = json.dumps({"ServerURL": locked.registry, "Username": "me", "Secret": PASSWORD})
    helper.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{answer}'\n", "utf-8")
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    settings = {"credHelpers": {locked.registry: "moon"}}
    (tmp_path / "config.json").write_text(json.dumps(settings), "utf-8")
    client.api.reload_config()
    assert registry.push(client, tiny, locked).name.digest


def test_registry_that_takes_nothing(
    starts: Starts, built: dict[str, str], client: docker.DockerClient, tiny: str
) -> None:
    """A registry that is read-only is an error, with its own words below."""
    with (
        starts(built["registry"], ["start"], environment=READ_ONLY) as (_, name),
        pytest.raises(RegistryError, match="is read-only") as caught,
    ):
        registry.push(client, tiny, name)
    assert caught.value.detail


def test_registry_that_ends_in_the_middle(
    starts: Starts, built: dict[str, str], client: docker.DockerClient
) -> None:
    """A registry ends while it is sent something, and comes back: the push goes on to its end."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    noise = imported(client, os.urandom(2**24), "large")
    ended: list[str] = []
    with starts(built["registry"], ["start"], ports={"5000/tcp": ("127.0.0.1", port)}) as (
        held,
        name,
    ):

        def end(line: str) -> None:
            if "Preparing" in line and not ended:
                ended.append(line)
                held.kill()
                held.start()

        moved = registry.push(client, noise, name, end)
        assert ended
        assert registry.push(client, noise, name).layers == 0
        assert registry.pull(client, moved.name).name == moved.name


def test_registry_that_is_away(
    starts: Starts, built: dict[str, str], client: docker.DockerClient, tiny: str
) -> None:
    """A registry that has ended does not answer, which is said, and what to do."""
    with starts(built["registry"], ["start"]) as (_, name):
        pass
    with pytest.raises(RegistryError, match="does not answer") as caught:
        registry.push(client, tiny, name)
    assert name.registry in caught.value.what
    assert caught.value.hint


def test_registry_whose_disk_is_full(refused: dict[str, Future[RegistryError]]) -> None:
    """A registry that has no space left is an error that says so, and where to look."""
    error = refused["full"].result()
    assert "disk full" in error.what or "space left" in error.what
    assert "df -h" in error.hint


def test_registry_that_is_busy(refused: dict[str, Future[RegistryError]]) -> None:
    """A registry that answers 429 asks to be left alone, which is said, and what to do."""
    error = refused["busy"].result()
    assert "left alone for a while" in error.what
    assert "docker login" in error.hint
