"""What runs on an engine is told whenever it changes, and only then."""

import subprocess
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.compare.comparison import Verdict
from deployment_drift.events import Container, Event, Running
from deployment_drift.run import Run
from deployment_drift.scene import Scene
from deployment_drift.stage import watch
from deployment_drift.stage.watch import STACK, Watcher, stack, watched


class Api:
    """An engine that runs what it is told."""

    def __init__(self) -> None:
        self.running: list[dict[str, Any]] = []

    def containers(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        """Return what runs of the session."""
        assert filters == {"label": "deployment-drift=abc"}
        return self.running


def found(name: str) -> dict[str, Any]:
    """Return a container as an engine lists it."""
    return {"Id": f"id-{name}", "Names": [f"/drift-{name}"], "ImageID": f"sha256:{name}"}


@pytest.fixture
def heard() -> list[Event]:
    """Give what was told."""
    return []


@pytest.fixture
def watcher(heard: list[Event], monkeypatch: pytest.MonkeyPatch) -> Watcher:
    """Give a watcher of an engine on which nothing runs."""
    run = Run(Scene("drift", Verdict.DRIFT, {}), Path(), [heard.append])
    run.engine = SimpleNamespace(version="20.10")  # type: ignore[assignment]
    run.session = SimpleNamespace(id="abc")  # type: ignore[assignment]
    monkeypatch.setattr(watch, "asked", lambda _, __, each: replace(each, system="Debian 13"))
    return Watcher(run, SimpleNamespace(api=Api()), "Debian")  # type: ignore[arg-type]


def names(heard: list[Event]) -> list[list[str]]:
    """Return the containers' names each time that something was told."""
    return [[each.name for each in e.containers] for e in heard if isinstance(e, Running)]


def test_only_changes_are_told(watcher: Watcher, heard: list[Event]) -> None:
    """What starts and what stops is told once, the oldest first."""
    api: Any = watcher.client.api
    for running in ([], [], [found("local")], [found("release"), found("local")], []):
        api.running = running
        watcher.look()
    assert names(heard) == [[], ["local"], ["local", "release"], []]
    assert heard[0] == Running("Debian", "20.10", ())


def test_container_is_asked_when_it_has_started(watcher: Watcher, heard: list[Event]) -> None:
    """A container is drawn at once, and with what is in it a moment later."""
    api: Any = watcher.client.api
    api.running = [found("local")]
    for _ in range(max(watch.LOOKS) + 1):
        watcher.look()
    first, second = (event for event in heard if isinstance(event, Running))
    assert first.containers == (Container("local", "sha256:local"),)
    assert second.containers[0].system == "Debian 13"


def test_stack_is_read() -> None:
    """A container's answer says its system, its PHP and its programs, each once, no shells."""
    said = "system Debian 13\nphp 8.4\nprogram dash\nprogram apache2\nprogram apache2\nnoise\n"
    made = stack(Container("a", "b"), said)
    assert made == Container("a", "b", "Debian 13", "8.4", ("apache2",))


def test_script_tells_of_this_machine() -> None:
    """What is asked in a container is answered by any Linux, and writes no error."""
    ended = subprocess.run(["sh", str(STACK)], capture_output=True, text=True, check=True)
    assert stack(Container("a", "b"), ended.stdout).system
    assert ended.stderr == ""


def test_scene_is_watched_from_its_engine_on(
    watcher: Watcher, heard: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a scene that finds an engine is watched; when a step ends, what it started is told."""
    api: Any = watcher.client.api

    def start(_: Run) -> None:
        api.running = [found("local")]

    monkeypatch.setattr(watch, "watch", lambda _: nullcontext(watcher))
    plain = Scene("drift", Verdict.DRIFT, {"hosts": start})
    assert watched(plain) is plain
    steps = watched(replace(plain, steps={"engine": lambda _: None, "hosts": start})).steps
    assert list(steps) == ["engine", "hosts"]
    for step in steps.values():
        step(watcher.run)
    assert names(heard) == [["local"]]


def test_engine_that_does_not_answer_is_asked_again(
    watcher: Watcher, heard: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the engine is too busy once, the picture waits, and the scene says what is wrong."""
    answers = iter([ConnectionError, None])

    def containers(filters: dict[str, str]) -> list[dict[str, Any]]:
        assert filters
        if error := next(answers):
            raise error
        return [found("local")]

    monkeypatch.setattr(watcher.client.api, "containers", containers)
    ended = iter([False, False, True])
    watcher.go_on(SimpleNamespace(wait=lambda _: next(ended)))  # type: ignore[arg-type]
    assert names(heard) == [["local"]]
