import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import docker
import pytest

from deployment_drift.build import images
from deployment_drift.engine import leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.probe import shell
from deployment_drift.run import environment
from deployment_drift.targets import hosts
from deployment_drift.targets.target import Target


@pytest.fixture
def session() -> Iterator[Session]:
    """Give a session as a scene has one."""
    with ownership.session() as opened:
        yield opened


@pytest.fixture
def image(engine: Engine, root: Path, request: pytest.FixtureRequest) -> str:
    """Give the id of the image of the folder that the test is parametrised with."""
    folder = getattr(request, "param", "server")
    return images.build(engine, folder, lambda *_: None, root=root).id


def running(client: docker.DockerClient, session: Session) -> list[str]:
    """Return the names that the session's containers have as hosts."""
    ours: dict[str, str | list[str] | bool] = {"label": f"{ownership.LABEL}={session.id}"}
    found = client.containers.list(all=True, filters=ours)
    return sorted(container.attrs["Config"]["Hostname"] for container in found)


def body(url: str) -> str:
    """Return what a host answers."""
    with urlopen(url) as answer:  # noqa: S310 - our own address
        return str(answer.read().decode())


def test_hosts_are_ready_and_then_gone(
    engine: Engine, docker_client: docker.DockerClient, session: Session, image: str
) -> None:
    """Inside the block every host answers at its own address; after it none is left."""
    targets = [Target(name, image, env={"COLOUR": name}) for name in ("red", "blue")]
    with hosts.start(engine, session, targets) as started:
        assert [host.name for host in started] == ["red", "blue"]
        assert [body(host.url).split()[0] for host in started] == ["red", "blue"]
        assert {host.image for host in started} == {image}
        assert all(host.address.startswith("docker://") for host in started)
        assert running(docker_client, session) == ["blue", "red"]
    assert running(docker_client, session) == []


def test_published_on_this_machine_only(
    engine: Engine, docker_client: docker.DockerClient, session: Session, image: str
) -> None:
    """A host's port is bound to 127.0.0.1, so that nobody else in the room can open it."""
    with hosts.start(engine, session, [Target("one", image)]) as (host,):
        container = docker_client.containers.get(host.address.removeprefix("docker://"))
        bound = [port["HostIp"] for ports in container.ports.values() for port in ports or ()]
        assert bound == ["127.0.0.1"]


def test_hardened_host_writes_to_its_memory_only(
    engine: Engine, session: Session, image: str
) -> None:
    """A hardened host has a read-only root, and /tmp and /run to write to."""
    with hosts.start(engine, session, [Target("hard", image, hardened=True)]) as (host,):
        assert body(host.url).split() == ["/tmp", "/run"]  # noqa: S108 - inside the host


@pytest.mark.parametrize("image", ["silent"], indirect=True)
def test_host_that_is_never_ready(
    engine: Engine, docker_client: docker.DockerClient, session: Session, image: str
) -> None:
    """A host that does not answer in time: what, how long, its state now and its last lines."""
    with (
        pytest.raises(HostError, match=r"mute was not ready within 1 s.*now running") as error,
        hosts.start(engine, session, [Target("mute", image, limit=1)]),
    ):
        pytest.fail("it never answers")
    assert error.value.detail == "still waiting for the database"
    assert running(docker_client, session) == []


@pytest.mark.parametrize("image", ["dying"], indirect=True)
def test_host_that_dies_at_its_start(
    engine: Engine, docker_client: docker.DockerClient, session: Session, image: str
) -> None:
    """A host that ends before it is ready is noticed at once, with its status and last lines."""
    begin = time.monotonic()
    with (
        pytest.raises(HostError, match=r"ended before it was ready.*exit status 7") as error,
        hosts.start(engine, session, [Target("mayfly", image)]),
    ):
        pytest.fail("it is dead")
    assert time.monotonic() - begin < 5
    assert error.value.detail == "no such setting"
    assert running(docker_client, session) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_nothing_is_left_after_a_failure(
    engine: Engine,
    docker_client: docker.DockerClient,
    session: Session,
    image: str,
    error: type[BaseException],
) -> None:
    """Whatever ends the block, Ctrl-C too and even when hosts were to be kept: none is left."""
    with pytest.raises(error), hosts.start(engine, session, [Target("one", image)], keep=True):
        raise error
    assert running(docker_client, session) == []


def test_kept_hosts_outlive_their_session(
    engine: Engine, docker_client: docker.DockerClient, image: str
) -> None:
    """Hosts that are kept are no dead session's: only `clean` removes them."""
    with (
        ownership.session() as ended,
        hosts.start(engine, ended, [Target("kept", image)], keep=True),
    ):
        pass
    leftovers.sweep(engine)
    assert running(docker_client, ended) == ["kept"]
    leftovers.remove_session(engine, ended.id)
    assert running(docker_client, ended) == []


def test_missing_image_is_a_clear_error(engine: Engine, session: Session) -> None:
    """A host whose image is gone says so, by the host's name."""
    with (
        pytest.raises(HostError, match="lost could not be started: No such image"),
        hosts.start(engine, session, [Target("lost", "sha256:" + "0" * 64)]),
    ):
        pytest.fail("there is nothing to start")


@pytest.fixture
def foreign(docker_client: docker.DockerClient, image: str) -> Iterator[str]:
    """Give the id of somebody else's container, which has the name that ours would have."""
    theirs = docker_client.containers.create(image, name="drift-one")
    yield str(theirs.id)
    theirs.remove(force=True)


def test_names_can_be_said_and_typed(
    engine: Engine, docker_client: docker.DockerClient, session: Session, image: str
) -> None:
    """A host is called by its name, and its address is that name and nothing else."""
    with hosts.start(engine, session, [Target("spoken", image)]) as (host,):
        assert host.address == "docker://drift-spoken"
        assert docker_client.containers.get("drift-spoken").labels[ownership.LABEL] == session.id


def test_stranger_of_that_name_is_never_touched(
    engine: Engine, docker_client: docker.DockerClient, session: Session, image: str, foreign: str
) -> None:
    """Where somebody has the name, ours gets a number: the label says whose a container is."""
    with hosts.start(engine, session, [Target("one", image)]) as (host,):
        assert host.address == "docker://drift-one-2"
        leftovers.sweep(engine)
    leftovers.remove_session(engine, session.id)
    assert docker_client.containers.get(foreign).name == "drift-one"


def test_runs_at_the_same_moment_share_no_name(
    engine: Engine, session: Session, image: str
) -> None:
    """However many start at once, each host has a name of its own, and the lowest are used."""
    crowd = [Target("twin", image) for _ in range(5)]
    with hosts.start(engine, session, crowd) as started:
        numbers = {"", "-2", "-3", "-4", "-5"}
        assert {host.address for host in started} == {f"docker://drift-twin{n}" for n in numbers}


def test_rebuilt_container_is_asked_anew(engine: Engine, session: Session, image: str) -> None:
    """Of a container that took another's name, nothing is answered that the first one said."""
    said = []
    with environment(engine.environment):
        for colour in ("red", "blue"):
            target = Target("rebuilt", image, env={"COLOUR": colour})
            with (
                hosts.start(engine, session, [target]) as (host,),
                shell.connected(host.address) as asked,
            ):
                said.append((host.address, asked.check_output("echo $COLOUR")))
    assert said == [("docker://drift-rebuilt", "red"), ("docker://drift-rebuilt", "blue")]
