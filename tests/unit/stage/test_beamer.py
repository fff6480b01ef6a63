"""What pages are told of a scene, in both languages, and where the speaker's keys lead."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import (
    Found,
    HostJoined,
    Running,
    SceneStarted,
    StepDone,
    StepStarted,
)
from deployment_drift.records import Host
from deployment_drift.report.language import load
from deployment_drift.stage.beamer import Beamer
from deployment_drift.stage.recording import read
from deployment_drift.stage.replay import tell
from tests import staged
from tests.unit.stage.test_screen import Typed


class Page:
    """Remembers what pages were told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, kind: str, content: Mapping[str, Any]) -> None:
        """Remember it."""
        self.told.append((kind, content))

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """Return what was told of a kind."""
        return [content for each, content in self.told if each == kind]


@pytest.fixture
def page() -> Page:
    """Give a page that remembers."""
    return Page()


def beamer(page: Page, *typed: str) -> Beamer:
    """Return the lectern of a page whose speaker types this."""
    return Beamer(page, load("en"), Typed(typed), {("drift", "checks"): 3.5})


def played(page: Page, folder: Path, *typed: str) -> None:
    """Play the recorded scene for a speaker who types this and leaves."""
    (recorded,) = read(staged.written(folder / "drift.jsonl"))
    stage = beamer(page, *typed)
    with pytest.raises(KeyboardInterrupt):
        tell(recorded, stage, gate=stage.gate, speed=math.inf)


def test_first_is_the_question(page: Page, tmp_path: Path) -> None:
    """Nothing is played before the audience has read what is asked, in its language."""
    played(page, tmp_path)
    assert [kind for kind, _ in page.told] == ["words", "scene", "ideas", "seen"]
    asked = page.of("ideas")[0]["ideas"][0]["text"]
    assert asked == {code: load(code).say("questions.drift") for code in ("en", "ja")}
    (scene,) = page.of("scene")
    assert [step["due"] for step in scene["steps"]] == [None, None, 3.5, None]
    assert scene["steps"][2]["note"]["ja"] == load("ja").note("drift", "checks")


def test_one_idea_a_key(page: Page, tmp_path: Path) -> None:
    """A step's ideas are sent once, and then how many of them are seen."""
    played(page, tmp_path, "3", "next", "next")
    ideas = page.of("ideas")[-1]["ideas"]
    assert [idea["kind"] for idea in ideas[:3]] == ["statement", "difference", "difference"]
    assert [each["count"] for each in page.of("seen")] == [1, 1, 2, 3]
    price = next(idea for idea in ideas if idea.get("check") == "offer")
    assert [each["text"]["ja"] for each in price["answers"]] == ["31", "32"]
    assert price["page"] == "/offer.php?price=45&off=30"
    assert price["text"]["en"] == "Check offer"
    assert (price["mark"], price["verdict"]) == ("✗", "drift")


def test_facts_are_told_in_each_language(page: Page) -> None:
    """What a step has found is said in the language that the page has just then."""
    stage = beamer(page)
    stage(SceneStarted("drift", Verdict.DRIFT, ("bases", "stop")))
    stage(StepStarted("bases", 1))
    stage(Found("debian:a", "present", {"digest": ""}))
    stage(HostJoined(Host("local", "docker://local", "", "http://127.0.0.1:9")))
    stage(StepDone("bases", 0.1))
    (facts,) = stage.ideas
    assert facts["lines"] == [
        {"en": "debian:a  present", "ja": "debian:a  用意済み"},
        dict.fromkeys(("en", "ja"), "local  http://127.0.0.1:9"),
    ]


def test_wall_has_each_check(page: Page, tmp_path: Path) -> None:
    """Each check is told as it is made, with its group, its verdict and its sign."""
    played(page, tmp_path, "3")
    tiles = page.of("compared")
    assert len(tiles) == 40
    assert {tile["verdict"]: tile["mark"] for tile in tiles} == {"drift": "✗", "parity": "✓"}
    assert tiles[0]["subject"] == "shop"


def test_hosts_values_are_harmless(page: Page, tmp_path: Path) -> None:
    """No escape sequence of a host reaches a page; what looks like HTML is a text."""
    played(page, tmp_path, "4")
    assert "\x1b" not in str(page.told)
    assert "<img" in str(page.told)


def test_last_is_the_answer(page: Page, tmp_path: Path) -> None:
    """Behind the last step stands what the scene came to."""
    (recorded,) = read(staged.written(tmp_path / "drift.jsonl"))
    stage = beamer(page, "4", "next", "next")
    tell(recorded, stage, gate=stage.gate, speed=math.inf)
    (report,) = page.of("report")
    assert load("en").say("ends.drift") in report["text"]["en"]
    assert report["as_expected"]


@pytest.mark.parametrize("key", ["c", "?"])
def test_what_is_laid_over_goes_with_the_next_key(page: Page, tmp_path: Path, key: str) -> None:
    """Help and commands stay until any key is pressed."""
    played(page, tmp_path, key, "x")
    first, last = page.of("overlay")
    assert first["text"]["en"] != first["text"]["ja"]
    assert last["text"] is None


def test_recording_without_a_picture_has_its_hosts(page: Page) -> None:
    """What was recorded on a terminal tells no containers: the hosts stand for them, then none."""
    stage = beamer(page)
    stage(SceneStarted("drift", Verdict.DRIFT, ("hosts", "stop")))
    stage(HostJoined(Host("local", "docker://a", "sha256:1")))
    stage(StepDone("stop", 1))
    first, last = page.of("running")
    assert [(each["name"], each["image"]) for each in first["containers"]] == [
        ("local", "sha256:1")
    ]
    assert last["containers"] == ()


def test_what_runs_is_not_guessed_where_it_is_known(page: Page) -> None:
    """Where the engine has said what runs, hosts add nothing."""
    stage = beamer(page)
    stage(SceneStarted("drift", Verdict.DRIFT, ("hosts",)))
    stage(Running("Debian", "20", (staged.LOCAL,)))
    stage(HostJoined(Host("release", "docker://a")))
    assert len(page.of("running")) == 1


def test_failure_offers_the_recording(page: Page) -> None:
    """A step that fails is told with what to type, and when that was which can be shown."""
    stage = beamer(page)
    stage.fail(DriftError("the engine has ended", hint="./invoke doctor"))
    stage.offer("2026-11-26 09:00")
    assert "the engine has ended" in page.of("failed")[0]["text"]
    assert "2026-11-26 09:00" in page.of("offer")[0]["text"]["ja"]


def test_time_runs_from_the_first_step(page: Page) -> None:
    """A speaker's clock begins with the first step, and goes on over all scenes."""
    stage = beamer(page)
    for _ in range(2):
        stage(SceneStarted("drift", Verdict.DRIFT, ("engine",)))
        stage(StepStarted("engine", 1))
    (begun,) = page.of("begun")
    assert abs(begun["at"] - datetime.now(UTC).timestamp()) < 60
