"""What is told besides the scenes."""

import pytest

from deployment_drift import doctor, scenes, upkeep
from deployment_drift.doctor import Finding
from deployment_drift.engine import engines, leftovers, private
from deployment_drift.engine.leftovers import Removed
from deployment_drift.report.language import load


@pytest.mark.parametrize(("ok", "status"), [(True, 0), (False, 1)])
def test_doctor_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, ok: bool, status: int
) -> None:
    """What is missing is named with what to type, and makes the exit status 1."""
    finding = Finding("engine", ok=ok, value="none", hint="apt-get install docker.io")
    monkeypatch.setattr(doctor, "examine", lambda: [finding])
    assert upkeep.examine() == status
    said = capsys.readouterr().out
    assert ("✓" if ok else "✗") in said
    assert "→ apt-get install docker.io" in said


def test_doctor_cuts_nothing_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address is whole on its line, however long, and what it says is not obeyed."""
    address = f"unix:///{'x' * 300}/docker.sock"
    found = Finding("engine", ok=True, value=f"{address}\x1b[2J[red]")
    monkeypatch.setattr(doctor, "examine", lambda: [found])
    assert upkeep.examine() == 0
    assert f"{address}\\x1b[2J[red]" in capsys.readouterr().out


def test_clean_counts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Cleaning says how much of what was removed."""
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(leftovers, "clean", lambda *_, everything: Removed(2, 1, 0, 3, everything))
    assert upkeep.clean(everything=True) == 0
    assert capsys.readouterr().out == (
        "Removed: 2 containers, 1 networks, 0 volumes, 3 images, the private engine and its data\n"
    )


@pytest.mark.parametrize(("stopped", "said"), [(True, "is stopped"), (False, "No private engine")])
def test_stop_says_what_it_did(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    stopped: bool,
    said: str,
) -> None:
    """Stopping tells whether there was anything to stop."""
    monkeypatch.setattr(private, "stop", lambda: stopped)
    assert upkeep.stop() == 0
    assert said in capsys.readouterr().out


def test_notes_stand_below_their_steps(capsys: pytest.CaptureFixture[str]) -> None:
    """A speaker reads every scene's steps in their order, and under each what there is to say."""
    assert upkeep.notes("en") == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    at = lines.index("5  Is it one image?")
    assert lines[at + 1] == load("en").say("steps.image.note")
    assert lines[at + 2].startswith("6  ")


def test_notes_say_which_talks_have_a_scene(capsys: pytest.CaptureFixture[str]) -> None:
    """The shortest talk has the problem and its cure, a longer one more."""
    upkeep.notes("en")
    lines = (line.partition("  in a talk of ") for line in capsys.readouterr().out.splitlines())
    talks = {typed.removeprefix("./invoke "): minutes for typed, _, minutes in lines if minutes}
    assert talks["demo-drift"] == "10, 20, 40 minutes"
    assert talks["demo-startup"] == "20, 40 minutes"
    assert talks["demo-limits"] == "40 minutes"


@pytest.mark.parametrize("code", ["en", "ja"])
def test_story_is_told_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    """What the audience sees of a scene is never cut off, also where no blanks are written."""
    monkeypatch.setattr(doctor, "ready", dict)
    assert upkeep.story(code) == 0
    lines = [line[43:].strip() for line in capsys.readouterr().out.splitlines()]
    told = "".join("".join(lines).split())
    said = [load(code).say(f"summaries.{scene.name}") for scene in scenes.story()]
    assert [text for text in said if "".join(text.split()) not in told] == []
