"""The speaker's notes in a second terminal."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from deployment_drift.compare.comparison import Verdict
from deployment_drift.events import Event, Report, SceneStarted, Shown, StepStarted
from deployment_drift.paths import state
from deployment_drift.report.language import load
from deployment_drift.scenes import story
from deployment_drift.stage.notes import Place, clock, page, places, plan, said, told

DRIFT = SceneStarted("drift", Verdict.DRIFT, ("engine", "hosts", "checks"))


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file in which a talk is written down."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return state() / "talk.jsonl"


def places_of(written: Path, events: Sequence[Event]) -> list[Place]:
    """Return where a second terminal sees the talk, before it, after each event, and behind it."""
    looks = places(written)
    seen = [next(looks)]
    with told() as (tell,):
        for event in events:
            tell(event)
            seen.append(next(looks))
    return [*seen, next(looks)]


def read(place: Place, *, after: float = 0, code: str = "en", minutes: float = 10) -> str:
    """Return what the speaker reads so many seconds after the talk has begun."""
    language, out = load(code), io.StringIO()
    now = (place.begun or datetime.now(UTC)) + timedelta(seconds=after)
    planned = plan([s for s in story() if s.minutes <= minutes], minutes, language)
    Console(file=out, width=200).print(page(place, planned, language, now))
    return out.getvalue()


def test_second_terminal_follows(written: Path) -> None:
    """It sees each scene and step when it begins, what is wrong there, and when the talk ends."""
    report = Report("drift", Verdict.DRIFT, Verdict.PARITY, (), ())
    events: list[Event] = [
        DRIFT,
        StepStarted("hosts", 2),
        Shown("one_kernel", holds=False, values={}),
        Shown("linux_only", holds=None, values={}),
        report,
        StepStarted("checks", 3),
        SceneStarted("container", Verdict.PARITY, ("engine",)),
    ]
    before, *seen, behind = places_of(written, events)
    assert before == behind == Place()
    assert [(place.scene, place.step) for place in seen] == [
        ("drift", ""),
        *[("drift", "hosts")] * 4,
        ("drift", "checks"),
        ("container", ""),
    ]
    assert [len(place.wrong) for place in seen] == [0, 0, 1, 1, 2, 0, 0]
    assert len({place.begun for place in seen}) == 1


def test_next_talk_begins_anew(written: Path) -> None:
    """Who stays at the second terminal sees the next talk from its beginning."""
    written.write_text("left by a talk that was killed\n")
    looks = places(written)
    for step in ("hosts", "checks"):
        with told() as (tell,):
            tell(DRIFT)
            tell(StepStarted(step, 2))
            assert next(looks).step == step
    assert next(looks) == Place()


def test_talk_needs_nobody_who_reads(written: Path) -> None:
    """Where nothing can be written down, the talk is given all the same."""
    written.mkdir()
    with told() as listeners:
        assert listeners == []


@pytest.mark.parametrize("code", ["en", "ja"])
@pytest.mark.parametrize("minutes", [10, 20, 40])
def test_plan_fills_the_time(code: str, minutes: int) -> None:
    """A talk's steps begin one after the other, the first at once, the last before its time."""
    scenes = [scene for scene in story() if scene.minutes <= minutes]
    language = load(code)
    planned = plan(scenes, minutes, language)
    begins = list(planned.values())
    assert begins == sorted(begins)
    assert begins[0] == 0
    assert minutes * 0.8 < begins[-1] < minutes
    assert all(said(language, *place) for place in planned)


def test_page_has_note_and_time(written: Path) -> None:
    """The speaker reads what to say now and next, and how the time is against the plan."""
    language = load("en")
    *_, place, _ = places_of(written, [DRIFT, StepStarted("hosts", 2)])
    shown = read(place, after=185)
    due = plan([s for s in story() if s.minutes <= 10], 10, language)["drift", "hosts"]
    assert f"3:05 (planned for {clock(due)})" in shown
    order = [language.note("drift", step) for step in ("hosts", "checks")]
    assert [shown.count(note) for note in order] == [1, 1]
    assert shown.index(order[0]) < shown.index(order[1])


def test_last_step_has_nothing_behind_it(written: Path) -> None:
    """Behind a scene's last step no other is announced."""
    *_, place, _ = places_of(written, [DRIFT, StepStarted("checks", 3)])
    assert place.following == ""
    assert "→" not in read(place, code="ja")


def test_without_a_talk_the_page_says_how_one_begins() -> None:
    """Who opens the notes first reads what to type in the other terminal."""
    assert "invoke talk in another terminal" in read(Place())


@pytest.mark.parametrize(("minutes", "shown"), [(0, "0:00"), (1.999, "2:00"), (61.25, "61:15")])
def test_clock(minutes: float, shown: str) -> None:
    """Minutes are shown as a watch does."""
    assert clock(minutes) == shown
