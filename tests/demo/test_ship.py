"""Shipping, played for real: a registry, a second engine, customers, and what goes wrong there."""

import base64
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import docker
import pytest

from deployment_drift import paths, scenes
from deployment_drift.build import images
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.events import Report, Shown
from deployment_drift.run import opened
from deployment_drift.ship import registry
from deployment_drift.ship.registry import Name, RegistryError
from deployment_drift.targets import throwaway
from tests.demo.conftest import quiet, too_wide

PASSWORD = "moonlight"  # noqa: S105 -- of a registry that a test starts
USERS = "me:$2y$05$/HTpqk0s1TGRyFIxG2SwrOWV.8ZNUxpLjhXZeCyEBkA5YX3TpVk1S"
LISTENS = "until bash -c ': </dev/tcp/127.0.0.1/5000' 2>/dev/null; do sleep 0.1; done"
NOBODY = f"sha256:{'0' * 64}"


class Registry(Protocol):
    """Starts a registry with settings of its own, and gives the name of an image in it."""

    def __call__(self, *users: str, **settings: str) -> AbstractContextManager[Name]:
        """Yield it while it runs."""


@pytest.fixture(scope="session")
def ship(engine: Engine) -> Report:
    """Give what one real playing of the scene came to, in which one step was played again."""
    assert engine
    scene = scenes.find("ship")
    with opened(scene, quiet) as run:
        for name in scene.steps:
            for _ in range(1 + (name == "roll_back")):
                run.play(name)
    return run.report()


def told(report: Report, name: str) -> Shown:
    """Return a statement, which holds."""
    (shown,) = (each for each in report.statements if each.name == name)
    assert shown.holds, shown
    return shown


def figure(report: Report, subject: str, name: str) -> float:
    """Return what was measured."""
    (found,) = (
        e
        for e in report.measurements
        if (e.subject, e.figure) == (f"ship_{subject}", f"ship_{name}")
    )
    return float(found.value)


def test_scene_shows_what_it_claims(ship: Report) -> None:
    """Everything that is said holds, here and there answer alike, and it can be read."""
    assert (ship.status, ship.verdict, ship.missing) == (0, ship.expects, ())
    assert [each.name for each in ship.statements if not each.holds] == []
    assert too_wide((each.name, each.values) for each in ship.statements) == []


def test_one_digest_from_build_to_host(ship: Report) -> None:
    """Build, registry, second engine and both hosts have one digest, and the same files inside."""
    assert told(ship, "empty").values["count"] == 0
    assert told(ship, "one_digest").values["count"] == 5
    assert told(ship, "one_sum")
    assert len({host.image for host in ship.hosts}) == 1
    assert ship.hosts[0].image.startswith("sha256:")


def test_only_what_changed_is_moved(ship: Report) -> None:
    """One changed file costs less than a thousandth of the first time, on both ways."""
    assert figure(ship, "first", "pushed") > 50e6
    assert figure(ship, "first", "pulled") > 50e6
    assert figure(ship, "next", "pushed") <= 50 * 2**10
    assert figure(ship, "next", "pulled") <= 50 * 2**10


def test_no_order_is_lost(ship: Report) -> None:
    """While versions change, every request is answered well, and every order is kept."""
    answered, kept = told(ship, "all_answered").values, told(ship, "no_order_lost").values
    assert int(str(answered["count"])) >= 1000
    assert (answered["failed"], kept["lost"]) == (0, 0)
    assert int(str(kept["count"])) >= 100


def test_new_version_is_asked_before_customers_see_it(ship: Report) -> None:
    """It is asked every check, and differs in nothing but the one file."""
    values = told(ship, "asked_first").values
    assert values["differ"] == "every_deployed_file"
    assert int(str(values["same"])) > 100


def test_tag_drifts_and_digest_does_not(ship: Report) -> None:
    """A tag that was moved gives two releases, a digest one, an altered layer none."""
    moved = told(ship, "tag_moved").values
    assert moved["one"] != moved["other"]
    assert told(ship, "digest_stays").values["digest"] == moved["one"]
    assert "digest" in str(told(ship, "refused").values["said"])


def test_nothing_of_a_registry_is_left(ship: Report, docker_client: docker.DockerClient) -> None:
    """What was pushed has no name on the user's engine any more, nor is a way to another left."""
    assert ship
    names = [tag for image in docker_client.images.list() for tag in image.tags]
    assert [name for name in names if name.endswith("/deployment-drift/shop")] == []
    assert [name for name in names if "/deployment-drift/shop:" in name] == []
    assert list((paths.state() / "engines").glob("*/*")) == []


@pytest.fixture(scope="session")
def registries(engine: Engine, docker_client: docker.DockerClient) -> Registry:
    """Give what starts a registry of Debian's package, with a certificate of its own."""
    image = images.build(engine, "images/registry", quiet_line, root=paths.root()).id

    @contextmanager
    def start(*users: str, **settings: str) -> Iterator[Name]:
        told = f"echo '{''.join(users)}' >/tmp/users; exec start"
        options: dict[str, Any] = {"ports": {"5000/tcp": ("127.0.0.1", 0)}, "environment": settings}
        with (
            ownership.session() as session,
            throwaway.container(
                docker_client, session, image, ["sh", "-c", told], name="registry", **options
            ) as made,
        ):
            assert throwaway.ask(made, LISTENS).done
            made.reload()
            port = (made.ports["5000/tcp"] or [{}])[0]["HostPort"]
            yield Name(f"127.0.0.1:{port}", "deployment-drift/tiny", "1")

    return start


def quiet_line(_: str, __: str) -> None:
    """Listen to a build and say nothing."""


@pytest.fixture(scope="session")
def tiny(docker_client: docker.DockerClient) -> Iterator[str]:
    """Give an image of one file of noise, which is pushed in no time."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.add(__file__, "file")
    docker_client.api.import_image_from_data(content.getvalue(), "deployment-drift/tiny", "test")
    yield "deployment-drift/tiny:test"
    for image in docker_client.images.list("deployment-drift/tiny"):
        docker_client.images.remove(str(image.id), force=True)


@pytest.fixture
def client(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[docker.DockerClient]:
    """Give a client whose user has logged in nowhere yet."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with engines.opened(engine) as connected:
        yield connected


def test_push_and_pull_by_digest(
    registries: Registry, client: docker.DockerClient, tiny: str
) -> None:
    """What was pushed is found by the digest that the registry gave it; twice moves nothing."""
    with registries() as name:
        moved = registry.push(client, tiny, name)
        assert registry.look_up(client, name)[0] == moved.name.digest
        assert (moved.layers, registry.push(client, tiny, name).layers) == (1, 0)
        assert registry.pull(client, moved.name).name == moved.name
        with pytest.raises(RegistryError, match="does not have it"):
            registry.pull(client, name.at(NOBODY))


def test_registry_that_is_away(
    registries: Registry, client: docker.DockerClient, tiny: str
) -> None:
    """A registry that has ended does not answer, which is said, and what to do."""
    with registries() as name:
        pass
    with pytest.raises(RegistryError, match="does not answer") as caught:
        registry.push(client, tiny, name)
    assert name.registry in caught.value.what
    assert caught.value.hint


def test_password_is_the_clients_own(
    registries: Registry,
    client: docker.DockerClient,
    tiny: str,
    tmp_path: Path,
) -> None:
    """A registry with a password lets in who has logged in with the Docker client; no one else."""
    settings = {"REGISTRY_AUTH": "htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM": "shop"}
    settings["REGISTRY_AUTH_HTPASSWD_PATH"] = "/tmp/users"  # noqa: S108 -- inside
    with registries(USERS, **settings) as name:
        with pytest.raises(RegistryError, match="does not let you in") as caught:
            registry.push(client, tiny, name)
        assert caught.value.hint == f"docker login {name.registry}"
        said = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
        (tmp_path / "config.json").write_text(
            json.dumps({"auths": {name.registry: {"auth": said}}})
        )
        client.api.reload_config()
        lines: list[str] = []
        assert registry.push(client, tiny, name, lines.append).name.digest
    assert not [line for line in lines if PASSWORD in line or said in line]


def test_registry_that_takes_nothing(
    registries: Registry, client: docker.DockerClient, tiny: str
) -> None:
    """A registry that is read-only is an error, with its own words below."""
    settings = {"REGISTRY_STORAGE_MAINTENANCE_READONLY": "{enabled: true}"}
    with (
        registries(**settings) as name,
        pytest.raises(RegistryError, match="is read-only") as caught,
    ):
        registry.push(client, tiny, name)
    assert caught.value.detail
