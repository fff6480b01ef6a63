"""A scene's steps, one after the other, and what they come to."""

import os
from pathlib import Path

import pytest

from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import (
    Compared,
    Event,
    Measured,
    Progress,
    Report,
    StepDone,
    StepStarted,
)
from deployment_drift.run import Run, Scene, environment, play
from tests.unit.conftest import Compare


def heard(scene: Scene, root: Path) -> tuple[Report, list[Event]]:
    """Play a scene and return its report with everything that was told."""
    events: list[Event] = []
    return play(scene, events.append, root=root), events


def test_steps_are_told_in_their_order(tmp_path: Path) -> None:
    """Each step is told when it starts, and with its seconds when it is done."""
    scene = Scene("x", Verdict.SHOWN, {"one": lambda _: None, "two": lambda _: None})
    report, events = heard(scene, tmp_path)
    assert [type(event) for event in events] == [*[StepStarted, StepDone] * 2, Report]
    assert [step.name for step in report.steps] == ["one", "two"]
    assert all(step.seconds >= 0 for step in report.steps)


def test_progress_is_not_remembered(tmp_path: Path) -> None:
    """A line of a build is told once and kept nowhere."""
    scene = Scene("x", Verdict.SHOWN, {"one": lambda run: run.progress("local", "Step 1")})
    _, events = heard(scene, tmp_path)
    assert Progress("local", "Step 1") in events


def test_comparisons_decide(tmp_path: Path, compare: Compare) -> None:
    """A scene that compares comes to the worst of its comparisons."""
    drift, same = Compared(compare("a", "b")), Compared(compare("a", "a"))

    def step(run: Run) -> None:
        run.tell(same)
        run.tell(drift)

    report, _ = heard(Scene("x", Verdict.DRIFT, {"checks": step}), tmp_path)
    assert (report.verdict, report.status) == (Verdict.DRIFT, 0)
    assert report.comparisons == (same.comparison, drift.comparison)


def test_statement_refutes_what_comparisons_say(tmp_path: Path, compare: Compare) -> None:
    """Where a scene compares and states, a statement that does not hold is not passed over."""

    def step(run: Run) -> None:
        run.tell(Compared(compare("a", "a")))
        run.show("one_kernel", holds=False)

    report, _ = heard(Scene("x", Verdict.PARITY, {"checks": step}), tmp_path)
    assert (report.verdict, report.status) == (Verdict.REFUTED, 1)


@pytest.mark.parametrize(
    ("holding", "verdict", "status"),
    [
        ([True, True], Verdict.SHOWN, 0),
        ([True, False], Verdict.REFUTED, 1),
        ([True, None], Verdict.SHOWN, 0),  # what could not be asked here counts for nothing
        ([None], Verdict.UNKNOWN, 2),
        ([], Verdict.UNKNOWN, 2),
    ],
)
def test_statements_decide(
    tmp_path: Path, holding: list[bool | None], verdict: Verdict, status: int
) -> None:
    """A scene that states something is shown when all of it holds, and never by stating nothing."""

    def step(run: Run) -> None:
        for number, holds in enumerate(holding):
            run.show(f"statement_{number}", holds=holds, ratio=2)

    report, _ = heard(Scene("x", Verdict.SHOWN, {"one": step}), tmp_path)
    assert (report.verdict, report.status) == (verdict, status)
    assert [shown.values for shown in report.statements] == [{"ratio": 2}] * len(holding)


def test_measurements_are_kept(tmp_path: Path) -> None:
    """What a scene measured stands in its report."""
    measured = Measured("container", "start", 0.3, "s")
    scene = Scene("x", Verdict.SHOWN, {"one": lambda run: run.tell(measured)})
    assert heard(scene, tmp_path)[0].measurements == (measured,)


def test_what_was_started_is_taken_down(tmp_path: Path) -> None:
    """When a step fails, what earlier steps started is taken down, the last first."""
    down: list[str] = []

    def start(run: Run) -> None:
        run.running.callback(down.append, "first")
        run.running.callback(down.append, "second")

    def fail(_: Run) -> None:
        raise DriftError("no")

    with pytest.raises(DriftError):
        heard(Scene("x", Verdict.SHOWN, {"start": start, "fail": fail}), tmp_path)
    assert down == ["second", "first"]


def test_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that are set for client programs are as before afterwards."""
    monkeypatch.setenv("DRIFT_A", "before")
    monkeypatch.delenv("DRIFT_B", raising=False)
    with environment({"DRIFT_A": "1", "DRIFT_B": "2"}):
        assert (os.environ["DRIFT_A"], os.environ["DRIFT_B"]) == ("1", "2")
    assert os.environ["DRIFT_A"] == "before"
    assert "DRIFT_B" not in os.environ
