"""The start-up scene, played for real: process, container, virtual machine, on one clock."""

from pathlib import Path
from platform import machine
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from deployment_drift.probe.inside import release
from deployment_drift.run import play
from deployment_drift.scenes.startup import starts
from deployment_drift.stage.watch import watched
from deployment_drift.targets import kvm
from deployment_drift.targets.kvm import Kvm
from deployment_drift.targets.target import Target
from tests.demo.conftest import Invoke, only, too_wide
from tests.pictured import Pictured, runs

Document = dict[str, Any]
HYPERVISOR = ("engine", "bases", "images", "disks", "hypervisor", "stop")


@pytest.fixture(scope="module")
def startup(patient: Invoke) -> Document:
    """Give the JSON document of one real `invoke demo-startup`."""
    found: Document = patient("demo-startup", "--json").document(status=0)
    return found


@pytest.fixture(scope="module")
def stated(startup: Document) -> dict[str, Document]:
    """Give its statements by their names."""
    return {each["name"]: each for each in startup["statements"]}


def lowest_here() -> str:
    """Return what kind of layer lies below this machine's kernel, which is the engine's, too."""
    if machine() != "x86_64":
        return "virtual" if list(Path("/sys/bus/virtio/devices").glob("*")) else "unseen"
    flags = set(Path("/proc/cpuinfo").read_text("utf-8").split())
    return "virtual" if "hypervisor" in flags else "hardware"


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


def test_layers_are_counted(startup: Document, stated: dict[str, Document]) -> None:
    """Kernels and QEMU are counted and named; bare metal is only spoken of."""
    kernels = [str(figure(startup, name, "kernel")) for name in ("container", "host_type")]
    host, guest = map(release, kernels)
    drawn = {name: figure(startup, name, "layers") for name in ("container", "host_type")}
    lies = {each.partition(", ")[0] for each in drawn.values()}
    assert {each.partition(" ")[0] for each in lies} == {lowest_here()}
    assert drawn == {
        "container": f"{min(lies)}, system {host}, application PHP",
        "host_type": f"{min(lies)}, system {host}, machines QEMU, guest {guest}, application PHP",
    }
    assert stated["layers"]["values"] == {"container": 1, "machine": 3}
    assert stated["bare_metal"]["holds"] is None


def test_test_container_is_thrown_away(stated: dict[str, Document]) -> None:
    """A container for the tests lives seconds, ten at once do too, and none is left."""
    life = stated["thrown_away"]["values"]
    assert 0 < sum(life.values()) < 30
    assert stated["ten_at_once"]["values"]["left"] == 0


@pytest.mark.parametrize("answer", [Kvm.MISSING, Kvm.REFUSED, Kvm.SILENT])
def test_no_hypervisor_is_a_sentence(monkeypatch: pytest.MonkeyPatch, answer: Kvm) -> None:
    """Whatever keeps guests from coming up through KVM is said, and no figure stands for it."""
    monkeypatch.setattr(kvm, "probe", lambda *_, **__: answer)
    report = play(only("startup", *HYPERVISOR), lambda _: None)
    (said,) = report.statements
    assert (said.name, said.holds) == (f"kvm_{answer}", None)
    assert report.measurements == ()


def test_hypervisor_has_its_column(
    monkeypatch: pytest.MonkeyPatch, browser: Browser, tmp_path: Path
) -> None:
    """Where guests come up through KVM, their figures are told under its name, and one is drawn.

    Not every computer's KVM boots guests, so an emulated one stands in for it here: what is tested
    is what is told, and these figures are shown to nobody.
    """
    monkeypatch.setattr(kvm, "probe", lambda *_, **__: Kvm.WORKS)
    monkeypatch.setattr(starts, "BOOTS", 1)
    monkeypatch.setattr(
        starts, "Target", lambda name, image, kind, **_: Target(name, image, kind, port=0)
    )
    pictured = Pictured()
    report = play(watched(only("startup", *HYPERVISOR)), pictured)
    told = {each.figure: each.value for each in report.measurements}
    assert {each.subject for each in report.measurements} == {"hypervisor"}
    assert set(told) == set(starts.FIGURES)
    assert told["systems"] == 2
    (works,) = report.statements
    assert (works.name, works.holds) == ("kvm_works", True)
    assert works.values["seconds"] == round(float(told["answer"]), 2)
    page = pictured.page(browser, tmp_path, runs("qemu-system-"))
    expect(page.locator("svg .container .guest")).to_have_text(["Guest OS"])
    expect(page.locator("svg .container .software")).to_have_text(["QEMU"])
    page.close()
