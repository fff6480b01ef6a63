"""The start-up scene, played for real: process, container, virtual machine, on one clock."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import docker
import pytest

from drift import paths
from drift.compare import fleet
from drift.compare.comparison import Verdict
from drift.engine import ownership, space
from drift.engine.engines import Engine
from drift.engine.ownership import Session
from drift.make import images
from drift.run import disks, hosts, kvm, machines
from drift.run.access import access
from drift.run.boot import RefusedError, SilentError
from drift.run.kvm import Kvm
from drift.run.machines import Recipe
from drift.scenes.startup import ways
from drift.stage import environment, play
from tests.demo.conftest import Invoke, only, too_wide

Document = dict[str, Any]
HYPERVISOR = ("engine", "bases", "images", "disks", "hypervisor", "stop")


@pytest.fixture(scope="module")
def startup(invoke: Invoke) -> Document:
    """Give the JSON document of one real `invoke demo-startup`."""
    found: Document = invoke("demo-startup", "--json").document(status=0)
    return found


@pytest.fixture(scope="module")
def stated(startup: Document) -> dict[str, Document]:
    """Give its statements by their names."""
    return {each["name"]: each for each in startup["statements"]}


def figure(startup: Document, subject: str, name: str) -> Any:  # noqa: ANN401 -- a number or a text
    """Return one measured value."""
    (found,) = (
        each["value"]
        for each in startup["measurements"]
        if (each["subject"], each["figure"]) == (subject, name)
    )
    return found


def test_verdict_is_shown(startup: Document) -> None:
    """Every statement that could be asked here holds."""
    assert startup["verdict"] == "shown"
    unasked = {"kvm_missing", "kvm_refused", "kvm_silent", "bare_metal"}
    assert {each["name"] for each in startup["statements"] if each["holds"] is None} <= unasked


def test_sentences_can_be_read_from_the_last_row(startup: Document) -> None:
    """With the values of a real run, each sentence is short enough in each language."""
    assert too_wide((each["name"], each["values"]) for each in startup["statements"]) == []


def test_machine_is_a_process_with_its_own_kernel(stated: dict[str, Document]) -> None:
    """A machine is one process of its host; inside are a kernel and an init of its own."""
    assert stated["machine_is_process"]["values"]["program"].startswith("qemu-system")
    assert stated["own_kernel"]["values"]["init"] == "init"
    assert stated["same_php"]["holds"]


def test_host_goes_on(stated: dict[str, Document]) -> None:
    """While the machine runs, the host's other processes run, and PHP answers there."""
    values = stated["host_goes_on"]["values"]
    assert values["others"] > 1
    assert values["seconds"] < 5


def test_no_figure_without_a_hypervisor(startup: Document, stated: dict[str, Document]) -> None:
    """Either a guest came up through KVM and has figures, or a sentence says why there are none."""
    shown = {name for name in stated if name.startswith("kvm_")}
    assert len(shown) == 1
    subjects = {each["subject"] for each in startup["measurements"]}
    assert ("hypervisor" in subjects) == (shown == {"kvm_works"})


def test_container_is_one_process_on_one_kernel(
    startup: Document, stated: dict[str, Document]
) -> None:
    """In a container runs one process, and no operating system of its own."""
    assert stated["container_is_process"]["values"]["count"] == 1
    systems = {name: figure(startup, name, "systems") for name in ("container", "host_type")}
    assert systems == {"container": 1, "host_type": 2}
    assert figure(startup, "host_type", "processes") > 10


def test_container_starts_sooner(startup: Document, stated: dict[str, Document]) -> None:
    """Process before container before machine; the container at least five times sooner."""
    process, container, machine = (
        figure(startup, name, "answer") for name in ("process", "container", "host_type")
    )
    assert process < container < machine
    assert machine / container >= 5
    assert stated["container_sooner"]["holds"]


def test_container_takes_less(startup: Document) -> None:
    """A container needs less disk and holds less memory than the machine of the same image."""
    for name in ("disk", "memory"):
        assert figure(startup, "container", name) < figure(startup, "host_type", name)


def test_layers_are_counted(stated: dict[str, Document]) -> None:
    """Kernels and QEMU are counted; bare metal is only spoken of."""
    assert stated["layers"]["values"] == {"container": 1, "machine": 3}
    assert stated["bare_metal"]["holds"] is None


def test_test_container_is_thrown_away(stated: dict[str, Document]) -> None:
    """A container for the tests lives seconds, ten at once do too, and none is left."""
    life = stated["thrown_away"]["values"]
    assert 0 < sum(life.values()) < 30
    assert stated["ten_at_once"]["values"]["left"] == 0


@pytest.fixture
def session() -> Iterator[Session]:
    """Give a session as a scene has one."""
    with ownership.session() as opened:
        yield opened


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
    served = hosts.Recipe("container", image, hardened=True, port=8080)
    booted = Recipe("machine", machine, web=8080)
    with (
        environment(engine.environment),
        access(session) as way,
        hosts.start(engine, session, [served]) as (container,),
        machines.start(engine, session, way, [booted]) as (one,),
    ):
        report = fleet.compare([container.address, one.host.address], lambda _: None)
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


@pytest.mark.parametrize("answer", [Kvm.MISSING, Kvm.REFUSED, Kvm.SILENT])
def test_no_hypervisor_is_a_sentence(monkeypatch: pytest.MonkeyPatch, answer: Kvm) -> None:
    """Whatever keeps guests from coming up through KVM is said, and no figure stands for it."""
    monkeypatch.setattr(kvm, "probe", lambda *_, **__: answer)
    report = play(only("startup", *HYPERVISOR), lambda _: None)
    (said,) = report.statements
    assert (said.name, said.holds) == (f"kvm_{answer}", None)
    assert report.measurements == ()


def test_hypervisor_has_its_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where guests come up through KVM, their figures are told under its name.

    Not every computer's KVM boots guests, so an emulated one stands in for it here: what is tested
    is what is told, and these figures are shown to nobody.
    """
    monkeypatch.setattr(kvm, "probe", lambda *_, **__: Kvm.WORKS)
    monkeypatch.setattr(ways, "BOOTS", 1)
    monkeypatch.setattr(ways, "Recipe", lambda name, image, **_: Recipe(name, image))
    report = play(only("startup", *HYPERVISOR), lambda _: None)
    told = {each.figure: each.value for each in report.measurements}
    assert {each.subject for each in report.measurements} == {"hypervisor"}
    assert set(told) == set(ways.FIGURES)
    assert told["systems"] == 2
    (works,) = report.statements
    assert (works.name, works.holds) == ("kvm_works", True)
    assert works.values["seconds"] == round(float(told["answer"]), 2)


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
    recipe = Recipe("snail", machine, limit=0.2)
    with (
        access(session) as way,
        pytest.raises(SilentError, match=r"snail runs, but had not booted within 0.2 s"),
        machines.start(engine, session, way, [recipe]),
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
        machines.start(engine, session, way, [Recipe("refused", machine)]),
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
