"""Scenes on virtual machines, played for real: two that drift, and one that is moved as a whole."""

import re
from pathlib import Path
from typing import Any

import docker
import pytest

from deployment_drift import paths
from deployment_drift.engine import ownership
from deployment_drift.events import Event, StepStarted
from deployment_drift.run import play
from deployment_drift.scenes import find
from tests.demo.conftest import Filters, Invoke, too_wide

Document = dict[str, Any]


@pytest.fixture(scope="module")
def moved(patient: Invoke) -> Document:
    """Give the document of one real `invoke demo-drift --machines moved`."""
    found: Document = patient("demo-drift", "--machines", "moved", "--json").document(status=0)
    return found


def answers(document: Document, check: str) -> list[Any]:
    """Return what both hosts answered to a check."""
    (made,) = (each for each in document["checks"] if each["name"] == check)
    return [seen["value"] for seen in made["observations"]]


def values(document: Document, name: str) -> Document:
    """Return what a statement was told with; it holds."""
    (shown,) = (each for each in document["statements"] if each["name"] == name)
    assert shown["holds"]
    found: Document = shown["values"]
    return found


def test_two_machines_drift(patient: Invoke, tmp_path: Path) -> None:
    """Made from local/ and release/, two machines drift; kept, they are asked as any host is."""
    elsewhere = {"XDG_STATE_HOME": str(tmp_path)}  # a user of their own, with images of others
    try:
        said = patient("demo-drift", "--machines", "vm", "--keep", **elsewhere).expect(status=0)
        local, release = re.findall(r"'(ssh://\S+)'", said)
        words = ("compare", "--local", local, "--release", release, "--json")
        document = patient(*words, **elsewhere).document(status=1)
    finally:
        patient("clean", **elsewhere).expect(status=0)
    assert list(tmp_path.rglob("known_hosts")) == []
    assert document["verdict"] == "drift"
    here, there = answers(document, "php_version")
    assert here.startswith("8.4")
    assert there.startswith("8.2")
    assert len(set(answers(document, "kernel"))) == 1


def test_interrupted_move_leaves_nothing(docker_client: docker.DockerClient) -> None:
    """Ctrl-C before the disk is moved: machine, disks and keys are gone."""

    def interrupt(event: Event) -> None:
        if isinstance(event, StepStarted) and event.name == "move":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(find("moved"), interrupt)
    ours: Filters = {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}
    assert docker_client.containers.list(all=True, filters=ours) == []
    assert docker_client.volumes.list(filters=ours) == []
    assert list((paths.state() / "machines").glob("*")) == []


def test_moved_machine_is_the_same(moved: Document) -> None:
    """A machine whose whole disk was moved gives the same answer to every question."""
    assert moved["verdict"] == "parity"
    assert {each["verdict"] for each in moved["checks"]} == {"parity", "not applicable"}
    assert values(moved, "two_machines") == {"count": 2}


def test_what_was_typed_by_hand_goes_along(moved: Document) -> None:
    """A setting that is in no Dockerfile is on both, for the disk holds it."""
    assert answers(moved, "memory_limit") == ["640M", "640M"]
    assert values(moved, "by_hand_moved")["setting"] == "memory_limit 640M"


def test_sentences_can_be_read_from_the_last_row(moved: Document) -> None:
    """With the values of a real run, each sentence is short enough in each language."""
    assert too_wide((each["name"], each["values"]) for each in moved["statements"]) == []


def test_whole_machine_is_heavy(moved: Document) -> None:
    """Hundreds of megabytes are moved for a few kilobytes of PHP."""
    seen = values(moved, "moved_whole")
    assert seen["disk"].endswith("MiB")
    assert seen["files"].endswith("KiB")
