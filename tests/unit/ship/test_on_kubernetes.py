"""What a cluster is told by kubectl, and what is told again where a version is sick."""

import json
import subprocess
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from deployment_drift import paths
from deployment_drift.errors import HostError
from deployment_drift.ship import client, on_kubernetes
from deployment_drift.ship.on_kubernetes import Cluster
from deployment_drift.ship.release import Release, read
from deployment_drift.ship.told import LABEL, UNKNOWN, drift, settings
from tests.by_hand import MANIFEST, changed

IMAGES = [f"r.example/shop@sha256:{digit * 64}" for digit in "ab"]


@dataclass
class Api:
    """Answers as kubectl would; `sick` is the image that does not get ready."""

    sick: str = ""
    objects: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def __call__(self, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """Do what one command line says."""
        said = list(yaml.safe_load_all(given)) if given else []
        self.done.append(words[1])
        match words[1]:
            case "apply":
                for each in said:
                    kept = self.objects.get(each["kind"], {"metadata": {}})["metadata"]
                    self.objects[each["kind"]] = each
                    each["metadata"] = {**kept, **each["metadata"]}
            case "delete":
                for each in said:
                    self.objects.pop(each["kind"], None)
            case "annotate":
                name, _, value = words[-1].partition("=")
                self.objects["Deployment"]["metadata"].setdefault("annotations", {})[name] = value
            case "rollout":
                return subprocess.CompletedProcess(words, int(self.runs == self.sick), "", "late")
        items = list(self.objects.values())
        out = json.dumps({"items": items}) if words[1] == "get" else ""
        return subprocess.CompletedProcess(words, 0, out, "")

    @property
    def runs(self) -> str:
        """The image of the Deployment."""
        return str(self.pod["containers"][0]["image"]) if "Deployment" in self.objects else ""

    @property
    def pod(self) -> dict[str, Any]:
        """The pods' template."""
        return dict(self.objects["Deployment"]["spec"]["template"]["spec"])


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """Give a cluster in which nothing runs."""
    made = Api()
    monkeypatch.setattr(client, "run", made)
    return made


def release(image: str) -> Release:
    """Return the artifact's release."""
    return read(paths.root() / "container", image)


def test_a_release_is_read_back(api: Api) -> None:
    """What was applied is what was told: nothing of it is taken for a change by hand."""
    assert Cluster().running() is None
    Cluster().roll_out(release(IMAGES[0]))
    running = Cluster().running()
    assert running
    assert running.told == release(IMAGES[0])
    assert drift(running) == []
    assert "PersistentVolumeClaim" in api.objects


def test_a_change_by_hand_is_seen(api: Api) -> None:
    """Somebody has scaled and edited: both are named."""
    Cluster().roll_out(release(IMAGES[0]))
    api.objects["Deployment"]["spec"]["replicas"] = 5
    api.pod["containers"][0]["env"] = [{"name": "DEBUG", "value": "1"}]
    running = Cluster().running()
    assert running
    assert drift(running) == ["replicas: told 2, now 5", "variable DEBUG: added"]


@pytest.mark.parametrize("change", MANIFEST)
def test_each_change_by_hand_is_named(api: Api, change: str) -> None:
    """Whatever is not as it was when it was released is named; what a program is told is not."""
    Cluster().roll_out(release(IMAGES[0]))
    api.objects = changed(api.objects, MANIFEST[change])
    running = Cluster().running()
    assert running
    named = drift(running)
    assert any(MANIFEST[change][2] in line for line in named), named
    assert "moonlight" not in str(named)


def test_nothing_that_is_described_may_change_unnamed(api: Api) -> None:
    """Whatever value of the description is another one in the cluster, something is named."""
    Cluster().roll_out(release(IMAGES[0]))
    told = {kind: {"spec": each.get("spec"), "data": each.get("data")} for kind, each in
            deepcopy(api.objects).items()}  # fmt: skip
    places = [each for each in settings(told) if LABEL not in each]
    assert len(places) > 60
    for place in places:
        api.objects = changed(before := api.objects, (place.replace(".", " "), "9", ""))
        running = Cluster().running()
        assert running
        assert drift(running), place
        api.objects = before


def test_what_else_was_set_is_not_known(api: Api) -> None:
    """Where nobody kept what the cluster said when it was released, nothing is taken for equal."""
    Cluster().roll_out(release(IMAGES[0]))
    api.objects["Deployment"]["metadata"]["annotations"].clear()
    running = Cluster().running()
    assert running
    assert drift(running) == [UNKNOWN]


def test_a_sick_version_is_taken_back(api: Api) -> None:
    """Where pods do not get ready, the version before is told again, and it is an error."""
    api.sick = IMAGES[1]
    Cluster().roll_out(release(IMAGES[0]))
    with pytest.raises(HostError, match="did not get well") as raised:
        Cluster().roll_out(release(IMAGES[1]))
    assert raised.value.detail == "late"
    assert api.runs == IMAGES[0]


def test_a_sick_first_version_leaves_nothing(api: Api) -> None:
    """The first release of all is sick: there is nothing afterwards but the orders' claim."""
    api.sick = IMAGES[0]
    with pytest.raises(HostError, match="did not get well"):
        Cluster().roll_out(release(IMAGES[0]))
    assert list(api.objects) == ["PersistentVolumeClaim"]


@pytest.mark.parametrize("kind", ["Service", "ConfigMap", "PersistentVolumeClaim"])
def test_what_has_a_name_of_ours_is_not_written_over(api: Api, kind: str) -> None:
    """Somebody else's Service is called shop: nothing is applied, nothing is deleted."""
    theirs = {"kind": kind, "metadata": {"name": "shop"}, "spec": {"theirs": True}}
    api.objects = {kind: deepcopy(theirs)}
    with pytest.raises(HostError, match=f"not made by a release: {kind} shop"):
        Cluster().roll_out(release(IMAGES[0]))
    assert api.objects == {kind: theirs}
    assert {*api.done} == {"get"}


def test_a_first_version_that_was_stopped_is_no_stranger(api: Api) -> None:
    """What the first release has made before it was stopped is its own."""
    Cluster().roll_out(release(IMAGES[0]))
    del api.objects["Deployment"]
    Cluster().roll_out(release(IMAGES[0]))
    assert api.runs == IMAGES[0]


def test_what_is_not_ours_stays(api: Api) -> None:
    """A cluster without a release of ours is not touched when it is taken down."""
    assert Cluster().take_down() == "claim spool"
    assert "delete" not in api.done


def test_neither_cluster_nor_podman(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing could play it, one sentence says what to install."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(HostError, match="no cluster here") as raised:
        on_kubernetes.found()
    assert "podman" in raised.value.hint
