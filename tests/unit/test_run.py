"""A scene's steps, one after the other, and what they come to."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

import pytest

from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import (
    Compared,
    Event,
    Measured,
    Progress,
    Report,
    SceneStarted,
    StepDone,
    StepStarted,
)
from deployment_drift.records import Host, Sentence
from deployment_drift.run import Run, environment, opened, play
from deployment_drift.scene import Scene
from tests.unit.conftest import Compare


def heard(scene: Scene, root: Path) -> tuple[Report, list[Event]]:
    """Play a scene and return its report with everything that was told."""
    events: list[Event] = []
    return play(scene, events.append, root=root), events


def test_steps_are_told_in_their_order(tmp_path: Path) -> None:
    """Each step is told when it starts, and with its seconds when it is done."""
    scene = Scene("x", Verdict.SHOWN, {"one": lambda _: None, "two": lambda _: None})
    report, events = heard(scene, tmp_path)
    assert [type(event) for event in events] == [SceneStarted, *[StepStarted, StepDone] * 2, Report]
    assert [step.name for step in report.steps] == ["one", "two"]
    assert all(0 <= step.seconds < 60 for step in report.steps)


def test_progress_is_not_remembered(tmp_path: Path) -> None:
    """A line of a build is told once and kept nowhere."""
    told: list[Event] = []
    run = Run(Scene("x", Verdict.SHOWN, {}), tmp_path, [told.append])
    run.progress("local", "Step 1")
    assert told == [Progress("local", "Step 1")]
    assert run.collected.of(object) == ()


def test_progress_of_ours_is_a_sentence(tmp_path: Path) -> None:
    """What is ours to say goes on by its name, with its values, for each language to say it."""
    told: list[Event] = []
    run = Run(Scene("x", Verdict.SHOWN, {}), tmp_path, [told.append])
    run.progress("machine", Sentence("answered", seconds=2.5))
    assert told == [Progress("machine", "answered", {"seconds": 2.5})]


def test_comparisons_decide(tmp_path: Path, compare: Compare) -> None:
    """A scene that compares comes to the worst of its comparisons."""
    drift, same = Compared(compare("a", "b")), Compared(compare("a", "a"))

    def step(run: Run) -> None:
        run.tell(same)
        run.tell(drift)

    report, _ = heard(Scene("x", Verdict.DRIFT, {"checks": step}), tmp_path)
    assert (report.verdict, report.status) == (Verdict.DRIFT, 0)
    assert report.comparisons == (same.comparison, drift.comparison)


def test_parity_without_what_was_expected_is_unknown(tmp_path: Path, compare: Compare) -> None:
    """A green is not earned where a host lacks what it has to have; a drift stays a drift."""
    web = compare("a", None, subject="webserver")
    lacking = Scene("x", Verdict.PARITY, {"a": lambda run: run.tell(Compared(compare("a", "a")))})
    report, _ = heard(replace(lacking, finds=("php",)), tmp_path)
    assert (report.verdict, report.status, report.unfound) == (Verdict.PARITY, 0, ())
    report, _ = heard(replace(lacking, finds=("php", "web")), tmp_path)
    assert (report.verdict, report.status) == (Verdict.UNKNOWN, 2)
    assert report.unfound == (("web", ("local", "release")),)
    drifting = Scene("x", Verdict.PARITY, {"a": lambda run: run.tell(Compared(web))})
    report, _ = heard(replace(drifting, finds=("web",)), tmp_path)
    assert (report.verdict, report.unfound) == (Verdict.DRIFT, (("web", ("release",)),))


def test_an_allowance_that_nothing_needs_is_reported(tmp_path: Path, compare: Compare) -> None:
    """Where nothing differs, what would be allowed is told, for somebody to take it out."""
    text = '[[allowed]]\ncheck = "php_version"\nreason = "r"\nexpires = 2036-01-01\n'
    (tmp_path / "allowed.toml").write_text(text)
    asking = {"a": lambda run: run.tell(Compared(compare("a", "a")))}
    report, _ = heard(Scene("x", Verdict.PARITY, asking, allowed="allowed.toml"), tmp_path)
    assert [each.check for each in report.unneeded] == ["php_version"]


def test_a_misspelt_allowance_is_reported(tmp_path: Path, compare: Compare) -> None:
    """An allowance that is about no check is reported with the likely name, and is not unneeded."""
    text = '[[allowed]]\ncheck = "php_versoin"\nreason = "r"\nexpires = 2036-01-01\n'
    (tmp_path / "allowed.toml").write_text(text)
    asking = {"a": lambda run: run.tell(Compared(compare("a", "a")))}
    report, _ = heard(Scene("x", Verdict.PARITY, asking, allowed="allowed.toml"), tmp_path)
    assert (report.misspelt, report.unneeded) == ((("php_versoin", "php_version"),), ())


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


def test_what_is_taken_down_knows_why(tmp_path: Path) -> None:
    """Whatever a step opened is closed with the error that ended the scene."""
    seen: list[object] = []
    error = DriftError("no")

    def fail(run: Run) -> None:
        run.running.push(lambda *given: seen.extend(given))
        raise error

    with pytest.raises(DriftError):
        heard(Scene("x", Verdict.SHOWN, {"fail": fail}), tmp_path)
    assert seen[:2] == [DriftError, error]
    assert isinstance(seen[2], TracebackType)


def test_hosts_stay_only_where_that_was_asked(tmp_path: Path) -> None:
    """A scene leaves nothing running by itself."""
    kept: list[bool] = []
    scene = Scene("x", Verdict.SHOWN, {"one": lambda run: kept.append(run.keep)})
    play(scene, root=tmp_path)
    play(scene, root=tmp_path, keep=True)
    assert kept == [False, True]


def test_steps_are_numbered_from_one(tmp_path: Path) -> None:
    """Each step begins with its place in the scene."""
    steps = {"one": lambda _: None, "two": lambda _: None}
    _, events = heard(Scene("x", Verdict.SHOWN, steps), tmp_path)
    started = [event for event in events if isinstance(event, StepStarted)]
    assert started == [StepStarted("one", 1), StepStarted("two", 2)]


def test_every_listener_hears_everything(tmp_path: Path) -> None:
    """Each listener hears the same, from the scene's start to its report."""
    scene = Scene("x", Verdict.SHOWN, {"one": lambda run: run.show("a", holds=True)})
    here: list[Event] = []
    there: list[Event] = []
    play(scene, here.append, there.append, root=tmp_path)
    assert here == there
    assert here[0] == SceneStarted("x", Verdict.SHOWN, ("one",))
    assert isinstance(here[-1], Report)


def test_gate_is_in_front_of_each_step(tmp_path: Path) -> None:
    """Nothing of a step happens before its gate has opened, and one is behind the last."""
    seen: list[str] = []
    steps = {name: lambda _, name=name: seen.append(f"{name} played") for name in ("one", "two")}

    def gate(name: str) -> str:
        seen.append(name)
        return name

    play(Scene("x", Verdict.SHOWN, steps), root=tmp_path, gate=gate)
    assert seen == ["one", "one played", "two", "two played", ""]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (["one", "one", ""], ["one", "close one", "one"]),  # again
        (["one", "two", "one", ""], ["one", "two", "close two", "close one", "one"]),  # back
        (["three", ""], ["one", "two", "three"]),  # forward, over what is needed
        (  # back and forward again: what was closed on the way is needed again
            ["three", "one", "three", ""],
            [
                "one",
                "two",
                "three",
                *("close three", "close two", "close one"),
                "one",
                "two",
                "three",
            ],
        ),
        (["two", "all", "two", ""], ["one", "two", "three", "closed all", "one", "two"]),
    ],
)
def test_gate_leads_to_another_step(tmp_path: Path, wishes: list[str], expected: list[str]) -> None:
    """A step is played with all in front of it standing, and nothing that comes after it."""
    seen: list[str] = []

    def step(run: Run, name: str) -> None:
        seen.append(name)
        run.running.callback(seen.append, f"close {name}")

    def close(run: Run) -> None:
        run.close()
        seen[-3:] = ["closed all"]

    steps = {name: partial(step, name=name) for name in ("one", "two", "three")}
    scene = Scene("x", Verdict.SHOWN, {**steps, "all": close})
    following = iter(wishes)
    play(scene, root=tmp_path, gate=lambda _: next(following))
    assert seen[: len(expected)] == expected


def test_step_is_played_again_alone(tmp_path: Path) -> None:
    """Before a step is played again, what it opened is closed; other steps' things stay open."""
    seen: list[str] = []

    def step(run: Run, name: str) -> None:
        seen.append(f"{name} opened")
        run.running.callback(seen.append, f"{name} closed")

    steps = {name: partial(step, name=name) for name in ("one", "two")}
    with opened(Scene("x", Verdict.SHOWN, steps), root=tmp_path) as run:
        for name in ("one", "two", "one"):
            run.play(name)
        assert seen == ["one opened", "two opened", "one closed", "one opened"]
    assert seen[4:] == ["one closed", "two closed"]


def test_step_that_is_played_again_counts_once(tmp_path: Path, compare: Compare) -> None:
    """What a step told before it was played again is not in the report; hosts are joined once."""
    answers = iter([compare("a", "b"), compare("a", "a")])

    def ask(run: Run) -> None:
        run.serve([Host("local", "docker://a")])
        run.tell(Compared(next(answers)))
        run.show("asked", holds=True)

    scene = Scene("x", Verdict.PARITY, {"ask": ask})
    with opened(scene, root=tmp_path) as run:
        run.play("ask")
        run.play("ask")
        assert [host.name for host in run.servers] == ["local"]
    made = run.report()
    assert made.verdict is Verdict.PARITY
    assert len(made.comparisons) == len(made.statements) == len(made.steps) == 1


def test_steps_hand_on_what_they_measured(tmp_path: Path) -> None:
    """Steps share one record of a kind, made when it is first asked for."""
    run = Run(Scene("x", Verdict.SHOWN, {}), tmp_path)
    run.handed(list).append(1)
    assert run.handed(list) == [1]
    assert run.handed(dict) == {}


@pytest.mark.parametrize(
    ("release", "verdict", "missing"),
    [
        ("b", Verdict.DRIFT, ()),
        ("a", Verdict.REFUTED, ("offer",)),
        (None, Verdict.DRIFT, ()),
        ("?gone", Verdict.UNKNOWN, ("offer",)),
    ],
)
def test_story_needs_its_own_drift(
    tmp_path: Path, compare: Compare, release: str | None, verdict: Verdict, missing: tuple[str]
) -> None:
    """Servers that drift, but not where the story says so, have not shown the scene."""

    def step(run: Run) -> None:
        run.tell(Compared(compare("a", release, name="offer")))
        run.tell(Compared(compare("6.1", "6.2", name="kernel")))

    scene = Scene("x", Verdict.DRIFT, {"checks": step}, requires=("offer",))
    made, _ = heard(scene, tmp_path)
    assert (made.verdict, made.missing) == (verdict, missing)
    assert made.status == {Verdict.DRIFT: 0, Verdict.UNKNOWN: 2}.get(verdict, 1)


def test_check_that_was_not_made_is_missing(tmp_path: Path, compare: Compare) -> None:
    """A scene whose story needs a check that nobody made has not shown it."""
    same = Compared(compare("a", "a"))
    scene = Scene("x", Verdict.PARITY, {"one": lambda run: run.tell(same)}, requires=("image",))
    made, _ = heard(scene, tmp_path)
    assert (made.verdict, made.missing) == (Verdict.REFUTED, ("image",))


def test_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that are set for client programs are as before afterwards."""
    monkeypatch.setenv("DRIFT_A", "before")
    monkeypatch.delenv("DRIFT_B", raising=False)
    with environment({"DRIFT_A": "1", "DRIFT_B": "2"}):
        assert (os.environ["DRIFT_A"], os.environ["DRIFT_B"]) == ("1", "2")
    assert os.environ["DRIFT_A"] == "before"
    assert "DRIFT_B" not in os.environ
