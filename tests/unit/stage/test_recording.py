"""What was told while a scene was played: kept with its times, and read again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jsonschema import validate

from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import (
    Compared,
    Event,
    Found,
    HostJoined,
    Measured,
    Progress,
    Report,
    SceneStarted,
    Shown,
    StepDone,
    StepStarted,
)
from deployment_drift.probe.snapshot import schema
from deployment_drift.records import Host
from deployment_drift.stage.recording import Recorder, file, last, read
from tests.unit.conftest import Compare

LOCAL, RELEASE = Host("local", "docker://a", "sha256:1", "http://b"), Host("release", "docker://b")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep recordings in a folder of their own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def told(compare: Compare) -> list[Event]:
    """Give one event of each kind, as a scene of two steps tells them."""
    made = replace(compare("8.4", None, "?gone"), allowed="known", accepted={"a.b": "fine"})
    report = Report(
        "drift",
        Verdict.DRIFT,
        Verdict.DRIFT,
        (LOCAL, RELEASE),
        (made,),
        (StepDone("hosts", 0.5), StepDone("checks", 1.5)),
        (Allowance("kernel", "the same", date(2026, 1, 2)),),
        (Shown("one_kernel", holds=None, values={"kernel": "6.1"}),),
        (Measured("process", "startup", 0.2, "s", 0.1, 0.3),),
        ("offer",),
        (("ofer", "offer"),),
        (("php", ("local", "release")),),
    )
    return [
        SceneStarted("drift", Verdict.DRIFT, ("hosts", "checks")),
        StepStarted("hosts", 1),
        Progress("local", "Step 1/9"),
        Progress("machine", "answered", {"seconds": 2.5}),
        Found("engine", "28.5"),
        HostJoined(LOCAL),
        HostJoined(RELEASE),
        report.steps[0],
        StepStarted("checks", 2),
        Compared(made),
        *report.statements,
        *report.measurements,
        report.steps[1],
        report,
    ]


def recorded(told: list[Event]) -> Path:
    """Record these events, the last of which is a report, and return the file."""
    recorder = Recorder()
    for event in told:
        recorder(event)
    report = told[-1]
    assert isinstance(report, Report)
    recorder.keep(report)
    return file(report.scene)


def test_what_is_read_is_what_was_told(told: list[Event]) -> None:
    """Every kind of event comes back as it was, by its step; the report, too."""
    (found,) = read(recorded(told))
    played = [event for step in found.steps.values() for _, event in step]
    assert [found.began, *played] == told[:-1]
    assert list(found.steps) == ["hosts", "checks"]
    before, after = told[-1], found.report
    assert [getattr(after, name) for name in Report.__slots__] == [
        getattr(before, name) for name in Report.__slots__
    ]


def test_each_line_is_as_the_schema_says(told: list[Event]) -> None:
    """Other programs can rely on what `schema/event.json` says of a line."""
    for line in recorded(told).read_text("utf-8").splitlines():
        validate(json.loads(line), schema("event"))


def test_only_what_was_shown_is_kept(told: list[Event]) -> None:
    """A run that did not show what its scene claims never takes the place of one that did."""
    recorded(told)
    report = told[-1]
    assert isinstance(report, Report)
    recorded([*told[:5], replace(report, verdict=Verdict.REFUTED)])
    kept = last("drift")
    assert kept
    assert kept.report.verdict is Verdict.DRIFT


def test_step_that_was_played_again_counts_once(told: list[Event]) -> None:
    """What a step told before it was played again is void."""
    again: list[Event] = [StepStarted("hosts", 1), Found("engine", "29"), StepDone("hosts", 0.1)]
    (found,) = read(recorded([*told[:-1], *again, told[-1]]))
    assert [event for _, event in found.steps["hosts"]] == again
    assert len(found.report.steps) == 2


def test_file_may_hold_a_whole_talk(told: list[Event], tmp_path: Path) -> None:
    """Each scene that was played to its end is read; one that failed in between is not."""
    scene = recorded(told).read_text("utf-8")
    failed = "".join(scene.splitlines(keepends=True)[:4])
    talk = tmp_path / "talk.jsonl"
    talk.write_text(scene + failed + scene)
    assert len(read(talk)) == 2


def test_nothing_is_kept_of_what_was_never_played() -> None:
    """A scene without a recording has none to show."""
    assert last("drift") is None


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text[: len(text) // 2], r"line \d+"),
        (lambda text: "\n".join(text.splitlines()[:5]), "no scene in it was played to its end"),
        (lambda text: "\n".join(text.splitlines()[3:]), "no beginning"),
        (lambda text: text.replace('"checks"]', '"checks", "stop"]'), "not played.*: stop"),
        (lambda text: text.replace('"status": "value"', '"status": "fine"'), "line 10"),
        (lambda text: text.replace('"number": 1', '"number": 0'), "line 2"),
        (lambda text: text.replace('"date": "2', '"date": "x'), "isoformat"),
        (
            lambda text: text.replace('"value": "8.4"', f'"value": {"[" * 999}{"]" * 999}'),
            "line 10",
        ),
        (lambda _: "", "no scene"),
        (lambda _: "[]", "line 1"),
        (lambda _: "\0", "line 1"),
    ],
)
def test_what_is_no_recording_is_refused(
    told: list[Event], tmp_path: Path, spoil: Callable[[str], str], says: str
) -> None:
    """A file that is cut off, changed by hand or something else is refused in a sentence."""
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text(spoil(recorded(told).read_text("utf-8")))
    with pytest.raises(DriftError, match=says):
        read(damaged)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The sentence names the file, and how one is made."""
    with pytest.raises(DriftError, match=r"none\.jsonl: No such file"):
        read(tmp_path / "none.jsonl")
