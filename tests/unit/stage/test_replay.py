"""A recorded scene is told as if it were played."""

import io
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pytest
from rich.console import Console

from deployment_drift.cli import Telling
from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import Event, Found, Report, SceneStarted, StepDone, StepStarted
from deployment_drift.report.language import load
from deployment_drift.report.terminal import Narrator
from deployment_drift.stage.commands import PACE
from deployment_drift.stage.recording import Recorder, Recording, Told, file
from deployment_drift.stage.replay import rehearse, replay, tell

STEPS = ("engine", "hosts", "checks")


def recording(scene: str = "drift") -> Recording:
    """Return a scene whose steps told a fact each, half a second apart."""
    told: dict[str, list[Told]] = {
        name: [
            (place, StepStarted(name, place + 1)),
            (place + 0.5, Found(name, f"fact {place}")),
            (place + 0.5, StepDone(name, 0.5)),
        ]
        for place, name in enumerate(STEPS)
    }
    done = tuple(StepDone(name, 0.5) for name in STEPS)
    report = Report(scene, Verdict.DRIFT, Verdict.DRIFT, (), (), done)
    began = SceneStarted(scene, Verdict.DRIFT, STEPS)
    return Recording(datetime(2026, 11, 26, 9, 30, tzinfo=UTC), began, told, report)


def test_listeners_hear_what_was_told() -> None:
    """Every event comes once and in its order, from the first to the report."""
    heard: list[Event] = []
    kept = recording()
    assert tell(kept, heard.append, speed=1000) is kept.report
    assert heard == [
        kept.began,
        *(event for step in kept.steps.values() for _, event in step),
        kept.report,
    ]


def test_steps_have_their_own_pace() -> None:
    """A step takes as long as it took, divided by the speed."""
    begin = monotonic()
    tell(recording(), speed=10)
    assert 0.15 <= monotonic() - begin < 5


def test_gate_leads() -> None:
    """A gate leads to any step; what comes before it is told at once, and nothing twice."""
    heard: list[Event] = []
    wanted = iter(["checks", "hosts", ""])
    begin = monotonic()
    tell(recording(), heard.append, gate=lambda _: next(wanted), speed=4)
    assert monotonic() - begin < 1.5
    started = [event.name for event in heard if isinstance(event, StepStarted)]
    assert started == ["engine", "hosts", "checks", "hosts"]


@pytest.mark.parametrize("code", ["en", "ja"])
def test_recording_is_marked(code: str) -> None:
    """First and last stands that it is a recording, of which day and which time."""
    out, language, kept = io.StringIO(), load(code), recording()
    tell(kept, Narrator(Console(file=out), language, recorded=kept.when), speed=1000)
    mark = language.say("stage.recorded", when=kept.when)
    assert kept.when in mark
    lines = list(filter(None, out.getvalue().splitlines()))
    assert mark in lines[1]
    assert mark in lines[-1]


def test_words_of_another_version_are_an_error() -> None:
    """What cannot be said in this version is refused before anything is shown."""
    rehearse(recording(), load("en"))
    with pytest.raises(DriftError, match=r"does not know: 'titles\.other'"):
        rehearse(recording("other"), load("en"))


def test_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is told at any speed, or step by step, and ends with the status of then."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    recorder = Recorder()
    tell(recording(), recorder, speed=1000)
    recorder.keep(recording().report)
    assert replay(file("drift"), Telling("en"), "1000") == 0
    assert replay(file("drift"), Telling("ja", auto="0"), "1000") == 0
    told = capsys.readouterr().out
    assert told.count("fact 1") == 2
    assert load("ja").say("questions.drift") in told


def test_pace_is_its_own_also_without_a_speaker(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--auto 0` waits at no idea, and each step still takes as long as it took: help says so."""
    waited: list[float] = []
    clock = SimpleNamespace(pause=waited.append)
    monkeypatch.setattr("deployment_drift.stage.replay.Cancel", lambda: clock)
    monkeypatch.setattr("deployment_drift.stage.replay.read", lambda _: [recording()])
    assert replay(Path("any"), Telling("en", auto="0"), "1") == 0
    assert sum(waited) == 1.5
    assert "also with --auto" in PACE


@pytest.mark.parametrize("speed", ["0", "-1", "x", "nan", "inf"])
def test_speed_is_a_number(speed: str) -> None:
    """A speed that is none is a mistake, and no file is looked for."""
    with pytest.raises(DriftError, match="--speed"):
        replay(Path("none"), Telling("en"), speed)
