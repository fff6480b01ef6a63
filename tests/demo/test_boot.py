"""Virtual machines without a scene around them: asked over ssh, and on their bad days."""

from types import SimpleNamespace

import docker
import pytest

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine import ownership, space
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.run import environment, play
from deployment_drift.scenes import compare
from deployment_drift.targets import disks, hosts, kvm, machines
from deployment_drift.targets.access import access
from deployment_drift.targets.kvm import Kvm
from deployment_drift.targets.readiness import RefusedError, SilentError
from deployment_drift.targets.target import Target


@pytest.fixture
def machine(engine: Engine, session: Session) -> str:
    """Give the id of the image of the machine that is made from container/."""
    built = images.build(engine, "container", lambda *_: None, root=paths.root())
    silent = lambda *_: None  # noqa: E731
    return disks.build_all(engine, session, [built], silent, root=paths.root())[0].id


def running(client: docker.DockerClient, session: Session) -> int:
    """Return how many containers of a session there are."""
    ours = f"{ownership.LABEL}={session.id}"
    return len(client.containers.list(all=True, filters={"label": ours}))


def test_machine_is_compared_over_ssh(engine: Engine, session: Session, machine: str) -> None:
    """A machine is a host like any other: over ssh it gives its container's PHP, all answered."""
    image = images.build(engine, "container", lambda *_: None, root=paths.root()).id
    served = Target("container", image, hardened=True, port=8080)
    booted = Target("machine", machine, "machine", port=8080)
    with (
        environment(engine.environment),
        access(session) as way,
        hosts.start(engine, session, [served]) as (container,),
        machines.start(engine, session, way, [booted]) as (one,),
    ):
        report = play(compare.of([container.address, one.host.address]))
    verdicts = {each.check.name: each.verdict for each in report.comparisons}
    assert Verdict.UNKNOWN not in verdicts.values()
    assert verdicts["php_version"] is verdicts["offer"] is verdicts["find"] is Verdict.PARITY
    assert verdicts["photo"] is Verdict.PARITY


def test_hanging_kvm_has_a_time_limit(
    engine: Engine, docker_client: docker.DockerClient, session: Session, machine: str
) -> None:
    """A guest that does not come up in time is a word, not a wait; nothing is left running."""
    with access(session) as way:
        answer = kvm.attempt(engine, session, way, machine, limit=0.1)
    assert answer is not Kvm.WORKS
    assert running(docker_client, session) == 0


def test_missing_kvm_is_told_from_a_refusal(
    engine: Engine, session: Session, machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the engine says of a device that is not there is understood."""
    monkeypatch.setattr(machines, "KVM", "/dev/kvm-is-not-here")
    with access(session) as way:
        answer = kvm.attempt(engine, session, way, machine, limit=5)
    assert answer is Kvm.MISSING


def test_machine_that_is_too_slow(
    engine: Engine, docker_client: docker.DockerClient, session: Session, machine: str
) -> None:
    """A machine that has not booted in time says how long it had, and is taken away."""
    target = Target("snail", machine, "machine", limit=0.2)
    with (
        access(session) as way,
        pytest.raises(SilentError, match=r"snail runs, but had not booted within 0.2 s"),
        machines.start(engine, session, way, [target]),
    ):
        pytest.fail("nothing boots that quickly")
    assert running(docker_client, session) == 0


def test_engine_that_refuses_a_capability(
    engine: Engine,
    docker_client: docker.DockerClient,
    session: Session,
    machine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the engine refuses is one sentence with the engine's reason; nothing is left."""
    monkeypatch.setattr(machines, "SHAPE", {**machines.SHAPE, "cap_add": ["NO_SUCH"]})
    with (
        access(session) as way,
        pytest.raises(RefusedError, match=r"refused could not be started: .*NO_SUCH"),
        machines.start(engine, session, way, [Target("refused", machine, "machine")]),
    ):
        pytest.fail("there is no such capability")
    assert running(docker_client, session) == 0


def test_full_disk_stops_before_it_is_full(
    engine: Engine,
    docker_client: docker.DockerClient,
    session: Session,
    machine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With 500 MB free (simulated) nothing is made, and it is said how much is needed."""
    assert machine
    built = images.build(engine, "container", lambda *_: None, root=paths.root())
    monkeypatch.setattr(disks, "_tag", lambda *_: f"{ownership.NAMESPACE}/machine-none:never")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=500 * 2**20))
    with pytest.raises(space.SpaceError, match="Only 500 MiB are free"):
        disks.build_all(engine, session, [built], lambda *_: None, root=paths.root())
    assert running(docker_client, session) == 0
