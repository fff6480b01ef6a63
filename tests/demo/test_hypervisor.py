"""The scenes of hypervisors, played for real on an emulated computer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from deployment_drift import pace, paths, scenes
from deployment_drift.engine import leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.events import Report
from deployment_drift.probe import shell
from deployment_drift.probe.inside import release
from deployment_drift.report.document import measured, remember
from deployment_drift.report.language import load
from deployment_drift.run import environment, lead, opened
from deployment_drift.targets import computers
from deployment_drift.targets.access import access, forget
from deployment_drift.waiting import Patience
from tests.demo.conftest import Filters, Invoke, quiet, too_wide

Document = dict[str, Any]
OLD = ["qemu-system-x86_64", "-cpu", "Newer"]
"""What a QEMU says that is too old for a processor."""


@dataclass(frozen=True)
class Played:
    """A scene that was played once: what it came to, and what `compare` said of its guests."""

    report: Report
    compared: Document


@pytest.fixture(scope="module")
def played(engine: Engine, patient: Invoke) -> Played:
    """Give one real `demo-startup --hypervisor xen`, in which `compare` is typed before a crash."""
    scene, said = scenes.typed("demo-startup --hypervisor xen"), list[Document]()
    with environment(engine.environment), opened(scene, quiet) as run:

        def compare(step: str) -> str:
            if step == "crash":
                here, there = (host.address for host in run.servers)
                ended = patient("compare", "--local", here, "--release", there, "--json")
                said.append(ended.document(status=1))
            return step

        lead(run, compare)
    report = run.report()
    remember(scene.name, measured(report, load("en")))
    return Played(report, *said)


@pytest.fixture(scope="module")
def stated(played: Played) -> dict[str, Document]:
    """Give the values of its statements that hold, by their names."""
    return {each.name: dict(each.values) for each in played.report.statements if each.holds}


def test_nothing_starts_before_it(played: Played, stated: dict[str, Document]) -> None:
    """Xen is the first on the console and Linux comes after it; on Xen run guests alone."""
    assert played.report.verdict == "shown"
    assert stated["xen_first"]["xen"].startswith("4.")
    assert stated["only_guests"] == {"guests": ["local", "container"]}


def test_guests_have_kernels_of_their_own(stated: dict[str, Document]) -> None:
    """Three kernels were started, the manager's included; below each guest's lies Xen."""
    assert stated["kernels"]["count"] == 3
    assert stated["xen_below"]["kind"] == ["xen"]
    assert stated["given"]["inside"] <= stated["given"]["memory"]
    assert stated["guest_php"]


def test_crash_leaves_the_other_alone(stated: dict[str, Document]) -> None:
    """A guest whose kernel panics is the only one that ends."""
    assert stated["crash_alone"] == {"victim": "local", "other": "container"}


def test_emulated_seconds_stand_apart(played: Played, stated: dict[str, Document]) -> None:
    """What is emulated is told with the emulation's factor, and in no column of a container."""
    told: dict[str, set[str]] = {name: set() for name in ("container", "xen")}
    for each in played.report.measurements:
        told[each.subject].add(each.figure)
    assert told["xen"] - told["container"] == {"emulated"}
    assert stated["emulation"]["factor"] > 1


def test_layers_are_those_that_were_found(played: Played, stated: dict[str, Document]) -> None:
    """What is drawn below PHP is what runs: the emulated computer, Xen, and three systems on it."""
    (drawn,) = (
        str(each.value)
        for each in played.report.measurements
        if (each.subject, each.figure) == ("xen", "layers")
    )
    below = [layer.partition(" ") for layer in drawn.split(", ")]
    assert [kind for kind, *_ in below] == ["computer", "hypervisor", "guest", "application"]
    assert below[1][2] == f"Xen {stated['xen_first']['xen']}"
    assert below[2][2].startswith("3 x Linux 6.")


def test_guests_are_hosts_like_any_other(
    played: Played, docker_client: docker.DockerClient
) -> None:
    """`compare` asks the guests: each has an address, and what their images differ in is found."""
    image = docker_client.images.get(computers.present(docker_client, paths.root()))
    hosts = played.report.hosts
    assert {each.image for each in hosts} == {image.id}
    assert [each.name for each in hosts] == ["local", "container"]
    assert all(each.address.startswith("ssh://root@127.0.0.1:") for each in hosts)
    seen = {each["name"]: each for each in played.compared["checks"]}
    assert seen["php_version"]["verdict"] == "parity"
    unknown = [name for name, each in seen.items() if each["verdict"] == "unknown"]
    assert unknown == []


def test_sentences_can_be_read_from_the_last_row(played: Played) -> None:
    """With the values of a real run, each sentence is short enough in each language."""
    assert too_wide((each.name, each.values) for each in played.report.statements) == []


@pytest.fixture
def kept(engine: Engine, docker_client: docker.DockerClient) -> Iterator[Callable[[], Container]]:
    """Find the computer that a scene was told to keep; it is taken away in the end."""
    ours: Filters = {"label": [ownership.KEEP, f"{ownership.OWNER}={ownership.owner()}"]}
    yield lambda: docker_client.containers.list(filters=ours)[0]
    for each in docker_client.containers.list(all=True, filters=ours):
        leftovers.remove_container(docker_client.api, str(each.id))
    forget(engine.url)


def test_kvm_runs_on_a_system(patient: Invoke, kept: Callable[[], Container]) -> None:
    """Linux starts first, and its guest runs through its own /dev/kvm, with its own kernel.

    Where this computer's own /dev/kvm boots guests, that has been tried, too, and is told. With
    --keep the computer runs on, and its guest answers.
    """
    document = patient("demo-startup", "--hypervisor", "kvm", "--json", "--keep").document(status=0)
    said = {each["name"]: each["values"] for each in document["statements"] if each["holds"]}
    assert said["linux_first"]["linux"]
    assert said["kvm_held"]["device"] == "/dev/kvm"
    assert said["kernels"]["count"] == 2
    assert said["kvm_below"]["clock"].startswith("kvm")
    own = {"kvm_works", "kvm_missing", "kvm_refused", "kvm_silent"}
    assert len(own & {each["name"] for each in document["statements"]}) == 1
    layers = {e["subject"]: e["value"] for e in document["measurements"] if e["figure"] == "layers"}
    linux = release(said["kernels"]["kernel"])
    below = f"computer QEMU, both {linux} + KVM, machines QEMU, guest {linux}, application PHP"
    assert layers["nested"] == below
    assert too_wide((each["name"], each["values"]) for each in document["statements"]) == []
    assert kept().status == "running"
    (guest,) = document["hosts"]
    with shell.connected(guest["address"], timeout=shell.PATIENT) as host:
        assert host.check_output("uname -r") == said["kernels"]["kernel"]


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize(
    ("command", "limit", "said", "detail"),
    [
        (OLD, 60.0, "local ended before it was ready", "unable to find CPU model 'Newer'"),
        (["sleep", "600"], 0.2, "local was not ready within 0 s", "its log is empty"),
    ],
)
def test_computer_on_a_bad_day(  # noqa: PLR0913, PLR0917 -- fixtures
    engine: Engine,
    docker_client: docker.DockerClient,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    limit: float,
    said: str,
    detail: str,
) -> None:
    """A processor that QEMU does not know, and a guest that never comes up: told, nothing left."""
    image = computers.present(docker_client, paths.root())
    monkeypatch.setattr(computers, "SHAPE", {**computers.SHAPE, "command": command})
    monkeypatch.setattr(computers, "LIMIT", limit)
    monkeypatch.setattr(pace, "limit", lambda _, least: least)
    monkeypatch.setattr(computers, "Patience", partial(Patience, grace=0.5))
    with (
        access(session) as way,
        pytest.raises(HostError, match=said) as raised,
        computers.start(engine, session, way, image, "xen"),
    ):
        pytest.fail("it cannot come up")
    assert detail in raised.value.detail
    assert raised.value.hint
    ours: Filters = {"label": f"{ownership.LABEL}={session.id}"}
    assert docker_client.containers.list(all=True, filters=ours) == []
