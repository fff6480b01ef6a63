"""A talk goes on where a scene fails, and shows how it went before."""

import io
import re
from contextlib import nullcontext
from pathlib import Path

import pytest

from deployment_drift.cli import Telling
from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError, EngineError
from deployment_drift.report.language import load
from deployment_drift.run import Run
from deployment_drift.scene import Scene, Step
from deployment_drift.stage.talk import repeated
from deployment_drift.stage.talk import scene as alone
from tests.unit.stage.test_screen import Typed, pages, screen, stage

__all__ = ["screen"]


def state(run: Run) -> None:
    """Show what a scene shows."""
    run.show("one_kernel", holds=True, kernel="6.1")


def fail(_: Run) -> None:
    """Fail, as a step does whose engine has just ended."""
    raise DriftError("the engine has ended", hint="./invoke doctor")


def scene(*steps: Step) -> Scene:
    """Return a scene of an engine, a kernel and its end."""
    names = ("engine", "kernel", "stop")
    return Scene("limits", Verdict.SHOWN, dict(zip(names, steps, strict=True)))


def ready(_: Run) -> None:
    """Do nothing."""


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep recordings in a folder of their own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_recording_takes_the_place_of_a_step_that_fails(screen: io.StringIO) -> None:
    """`r` shows how it went before, from the failed step on, marked; the failure still counts."""
    assert repeated(scene(ready, state, ready), stage(screen, *["next"] * 6), []) == 0
    screen.truncate(0)
    failing = stage(screen, "next", "next", "r", *["next"] * 3)
    assert repeated(scene(ready, fail, ready), failing, []) == 2
    told = pages(screen)
    offer = next(place for place, page in enumerate(told) if "the engine has ended" in page)
    assert "r shows how it went on" in told[offer]
    assert not any("Recorded on" in page for page in told[: offer + 1])
    asked, shown = load("en").say("questions.limits"), "one kernel, 6.1"
    assert asked not in "".join(told[offer:])
    assert shown in "".join(told[offer:])
    marked = [page for page in told[offer + 1 :] if "Recorded on" in page]
    assert [re.findall(r"\d/3", page) for page in marked if "/3" in page] == [["2/3"], ["3/3"]]
    assert marked[-1] == told[-1]


def test_speaker_may_go_on_with_the_recording(screen: io.StringIO) -> None:
    """`r` leaves a scene for its recording, from the step that is shown; without one, nothing."""
    whole = scene(ready, state, ready)
    assert repeated(whole, stage(screen, "next", "r", *["next"] * 5), []) == 0
    screen.truncate(0)
    assert repeated(whole, stage(screen, "next", "next", "r", *["next"] * 3), []) == 2
    marked = [page for page in pages(screen) if "Recorded on" in page]
    assert [re.findall(r"\d/3", page) for page in marked if "/3" in page] == [["2/3"], ["3/3"]]


def test_who_leaves_a_lost_engine_reads_no_all_clear(screen: io.StringIO) -> None:
    """What an engine ran that does not answer may be there still."""

    def lose(_: Run) -> None:
        raise EngineError("The engine stopped answering.")

    repeated(scene(ready, state, ready), stage(screen, *["next"] * 6), [])
    for fault, said in ((lose, "cleaned up by the next scene"), (fail, "^$")):
        with pytest.raises(KeyboardInterrupt, match=said):
            repeated(scene(ready, fault, ready), stage(screen, "next", "next", "q"), [])


def test_nothing_is_offered_where_nothing_was_recorded(screen: io.StringIO) -> None:
    """A scene that never showed what it claims has nothing to fall back on."""
    failing = stage(screen, *["next"] * 3)
    assert repeated(scene(ready, fail, ready), failing, []) == 2
    assert "r shows" not in screen.getvalue()


def test_scene_of_its_own_ends_with_its_error(
    screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever declines the recording of a scene reads why it failed."""
    repeated(scene(ready, state, ready), stage(screen, *["next"] * 6), [])
    typed = Typed(["next", "next", "next"])
    monkeypatch.setattr("deployment_drift.stage.talk.keys", lambda _: nullcontext(typed))
    with pytest.raises(DriftError, match="the engine has ended"):
        alone(scene(ready, fail, ready), Telling(), load("en"))
