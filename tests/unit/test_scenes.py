"""The scenes: found by their folders alone, and what is typed for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment_drift import claims, doctor, paths, readme, scenes, show, upkeep
from deployment_drift.cli import Command, Telling
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.report.language import load
from deployment_drift.scene import Scene
from deployment_drift.targets import computers
from tasks import namespace
from tests.fakes import VERSION, serve

SCENE = """
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene

SCENE = Scene("moon", Verdict.SHOWN, {"look": lambda run: run.show("full", holds=True)}, order=1)
"""
WORDS = """
title = { en = "Look up.", ja = "見上げる。" }
summary = { en = "the moon", ja = "月" }
steps.look = { en = "Look", ja = "見る" }
statements.full = { en = "It is full.", ja = "満月。" }
"""
CLAIMS = """
C17 = { statements = ["full"], tests = ["tests/demo/test_moon.py::test_full"] }
"""


@pytest.mark.parametrize("scene", scenes.story(), ids=lambda scene: scene.name)
def test_scene_has_its_name(scene: Scene) -> None:
    """A scene is found by its name, and ends by taking everything away."""
    assert scenes.find(scene.name) is scene
    assert list(scene.steps)[-1] == "stop"
    assert set(scene.machines) <= set(scene.images)


def test_a_hypervisor_is_built_for_those_who_show_it() -> None:
    """No other scene waits for what an emulated computer starts."""
    building = {scene.name for scene in scenes.story() if computers.FOLDER in scene.images}
    assert building == {"hypervisor", "nested"}


@pytest.mark.parametrize("scene", scenes.story(), ids=lambda scene: scene.name)
def test_what_is_typed_leads_to_the_scene(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed for a scene is a command of tasks.py, and plays that scene."""
    played: list[str] = []
    monkeypatch.setattr(show, "scene", lambda name, _: played.append(name))
    Command(namespace=namespace).run(["./invoke", *scene.typed.split()])
    assert played == [scene.name]


def test_story_is_told_where_nothing_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """`./invoke` alone tells the story, in the language of the locale."""
    told: list[str] = []
    monkeypatch.setattr(upkeep, "story", told.append)
    Command(namespace=namespace).run(["./invoke"])
    assert told == [""]


def test_option_that_no_scene_has_is_an_error() -> None:
    """A choice that leads to no scene is named, with the choices that there are."""
    with pytest.raises(DriftError, match="demo-drift --machines cloud: no such scene") as raised:
        scenes.typed("demo-drift --machines cloud")
    hint = "demo-drift or demo-drift --machines vm or demo-drift --machines moved"
    assert raised.value.hint == hint


@pytest.mark.parametrize("command", ["demo-drift", "demo-limits", "compare"])
def test_shared_options_are_told_on(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scene, and the comparison of any hosts, has the options that all share."""
    heard: list[Telling] = []
    monkeypatch.setattr(show, "scene", lambda _, how: heard.append(how))
    monkeypatch.setattr(show, "comparison", lambda _, how, **__: heard.append(how))
    words = [command, "--lang", "ja", "--json", "--full", "--events", "file"]
    Command(namespace=namespace).run(["./invoke", *words])
    assert heard == [Telling("ja", json=True, full=True, events="file")]


@pytest.fixture
def moon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a scene more, by a folder and nothing else."""
    folder = tmp_path / "moon"
    folder.mkdir()
    for name, text in (("__init__.py", SCENE), ("words.toml", WORDS), ("claims.toml", CLAIMS)):
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setattr(scenes, "__path__", [*scenes.__path__, str(tmp_path)])
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.usefixtures("moon")
def test_folder_is_told_in_its_place() -> None:
    """A scene's folder makes it a part of the story, at the place that it names."""
    assert [scene.name for scene in scenes.story()][:2] == ["moon", "drift"]


@pytest.mark.usefixtures("moon")
def test_folder_brings_its_words() -> None:
    """A scene's folder brings its sentences in each language."""
    assert load("en").say("titles.moon") == "Look up."
    assert load("ja").say("statements.full") == "満月。"


@pytest.mark.usefixtures("moon")
def test_folder_is_in_the_ledger() -> None:
    """What a scene's folder claims is in the ledger, with its tests."""
    (linux,) = (claim for claim in claims.ledger() if claim.id == "C17")
    assert linux.scenes == ["moon", "limits"]
    assert linux.tests[0] == "tests/demo/test_moon.py::test_full"


@pytest.mark.usefixtures("moon")
def test_folder_is_in_the_readme() -> None:
    """The READMEs' table has a row for a scene's folder."""
    assert "| `./invoke demo-moon` | 月 |" in readme.table(load("ja"))


@pytest.mark.usefixtures("moon")
def test_folder_is_examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor says whether the scene of a folder can be played."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with serve({"GET /version": VERSION}) as address:
        found = Engine(f"tcp://{address}", "DOCKER_HOST", "1.2.3", "linux", "amd64", "1.41")
        monkeypatch.setattr(engines, "find", lambda: found)
        assert "demo-moon" in [finding.name for finding in doctor.examine()]


def test_a_scenes_own_hosts_have_time_to_answer() -> None:
    """Hosts that a scene has started are slow where this computer is, and never out of reach."""
    sources = (paths.root() / "deployment_drift/scenes").rglob("*.py")
    lines = [line for file in sources for line in file.read_text("utf-8").splitlines()]
    asked = [line for line in lines if "shell.connected(" in line]
    assert asked
    assert [line for line in asked if "timeout=shell.PATIENT" not in line] == []
