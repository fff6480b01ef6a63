from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import requests
from docker.errors import APIError, NotFound

from deployment_drift import paths
from deployment_drift.engine import engines, leftovers, notes, ownership
from deployment_drift.engine.engines import Engine
from tests.fakes import serve


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def answers(labels: dict[str, str]) -> dict[str, object]:
    """Return what an engine says that has one network with these labels."""
    return {
        "GET /containers/json": [],
        "GET /networks": [{"Id": "n", "Labels": labels}],
        "GET /volumes": {"Volumes": None},
        "DELETE /networks/n": "",
        "GET /images/json": [],
    }


def labels(owner: str) -> dict[str, str]:
    """Return the labels of a dead session."""
    return {ownership.LABEL: "dead", ownership.OWNER: owner}


def on(address: str) -> Engine:
    """Return the engine at `host:port`."""
    return Engine(f"tcp://{address}", "DOCKER_HOST", api="1.41")


def test_dead_sessions_are_swept() -> None:
    """What belongs to a dead session of this state folder is removed."""
    with serve(answers(labels(ownership.owner()))) as address:
        assert leftovers.sweep(on(address)).networks == 1


def test_other_machines_sessions_are_left_alone() -> None:
    """What belongs to somebody else on a shared engine is neither swept nor cleaned."""
    with serve(answers(labels("another machine"))) as address:
        assert leftovers.sweep(on(address)).networks == 0
        assert leftovers.clean(on(address), everything=False).networks == 0
        assert leftovers.clean(on(address), everything=True).networks == 1


def test_clean_without_an_engine() -> None:
    """Where no engine is, there is nothing to clean but the private engine's data."""
    assert leftovers.clean(None, everything=False) == leftovers.Removed()
    folder = paths.state() / "engine"
    folder.mkdir()
    assert leftovers.clean(None, everything=True).data
    assert not folder.exists()


def test_container_is_killed_before_it_is_removed() -> None:
    """Podman gives a container that it removes ten seconds to end: it is killed first."""
    answers = {"POST /containers/c/kill": "", "DELETE /containers/c": ""}
    asked: list[str] = []
    with serve(answers, asked) as address, engines.opened(on(address)) as client:
        leftovers.remove_container(client.api, "c")
    assert [each.partition("?")[0].partition(" 127")[0] for each in asked] == [
        "POST /v1.41/containers/c/kill",
        "DELETE /v1.41/containers/c",
    ]


def test_container_that_somebody_else_removes() -> None:
    """A container that does not run any more, and is gone by then, is removed."""
    with serve({}) as address, engines.opened(on(address)) as client:
        leftovers.remove_container(client.api, "c")


def test_container_that_is_being_removed() -> None:
    """Podman answers 500 while a container goes, not 404: it is asked again until it is gone."""
    said = [APIError("500: is being removed"), NotFound("404")]
    api: Any = SimpleNamespace(kill=Mock(), remove_container=Mock(side_effect=said))
    leftovers.remove_container(api, "c")
    assert api.remove_container.call_count == 2


def test_container_whose_removal_takes_long() -> None:
    """An engine that is busy with a removal answers others: it is waited for, a silent one not."""
    late = requests.ReadTimeout
    said = [late(), APIError("409: is already in progress"), NotFound("404")]
    api: Any = SimpleNamespace(kill=Mock(), remove_container=Mock(side_effect=said), ping=Mock())
    leftovers.remove_container(api, "c")
    assert api.remove_container.call_count == 3
    silent: Any = SimpleNamespace(
        kill=Mock(), remove_container=Mock(side_effect=late), ping=Mock(side_effect=late)
    )
    with pytest.raises(late):
        leftovers.remove_container(silent, "c")


def test_what_images_were_built_from_goes_with_them() -> None:
    """The store of containerd keeps the steps of a build when its image goes: they have no name.

    Each store keeps those of a build that was stopped, which no image leads to, and Podman's what
    one that failed has left above them. What somebody has made of an image of ours stays, with it.
    """
    mine = {ownership.OWNER: ownership.owner(), ownership.IMAGE: "local"}
    made: list[dict[str, Any]] = [
        {
            "Id": "image",
            "ParentId": "step",
            "RepoTags": ["deployment-drift/local:1"],
            "Labels": mine,
        },
        {"Id": "step", "ParentId": "first", "RepoTags": [], "Labels": {}},
        {"Id": "first", "ParentId": "base", "RepoTags": [], "Labels": {}},
        {"Id": "base", "ParentId": "", "RepoTags": ["debian:trixie-slim"], "Labels": {}},
        {"Id": "another's", "ParentId": "base", "RepoTags": [], "Labels": {}},
        {"Id": "sha256:123456789abcdef", "ParentId": "base", "RepoTags": [], "Labels": {}},
        {"Id": "untold", "ParentId": "sha256:123456789abcdef", "RepoTags": [], "Labels": None},
        {"Id": "sha256:abcdef123456789", "ParentId": "base", "RepoTags": None, "Labels": mine},
        {"Id": "committed", "ParentId": "sha256:abcdef123456789", "RepoTags": [], "Labels": {}},
    ]
    notes.add(notes.STEPS, "123456789abc")
    notes.add(notes.STEPS, "abcdef123456")
    api = Mock()

    def images(*, filters: Any = (), **_: object) -> list[Any]:  # noqa: ANN401 -- the SDK's
        parents = {each["ParentId"] for each in made}
        if "dangling" not in filters:
            return [each for each in made if not filters or each["Labels"]]
        loose = [each["Id"] for each in made if not each["RepoTags"] and each["Id"] not in parents]
        return [] if "label" in filters else loose

    def remove(name: str) -> None:
        (gone,) = [each for each in made if name in (each["Id"], *(each["RepoTags"] or ()))]
        made.remove(gone)

    api.images, api.remove_image = images, remove
    leftovers.remove_images(api, lambda labels: ownership.OWNER in labels, bases=False)
    kept = ["base", "another's", "sha256:abcdef123456789", "committed"]
    assert [each["Id"] for each in made] == kept
