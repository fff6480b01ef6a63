"""Tests of what attendees get, and of what is theirs."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from deployment_drift import paths
from deployment_drift.compare.checks import own
from deployment_drift.compare.comparison import Check, Comparison, Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import Report
from deployment_drift.records import Observation, Status
from deployment_drift.report.language import LANGUAGES, speak
from deployment_drift.stage import coach, exercises
from deployment_drift.stage.exercises import Exercise, every, find

FEWEST = 8
WIDTH = 96
ALL = every()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_there_are_enough() -> None:
    """There are at least eight, each with a place of its own, and one is from a public report."""
    assert len(ALL) >= FEWEST
    assert [int(each.said["order"]) for each in ALL] == list(range(1, len(ALL) + 1))
    assert any("tests/cases" in each.reference for each in ALL)


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.name)
def test_goal_is_of_our_checks(exercise: Exercise) -> None:
    """Every row of a goal is one of this project's checks."""
    assert exercise.goal
    assert set(exercise.goal) <= {check.name for check, _ in own()}


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.name)
@pytest.mark.parametrize("code", LANGUAGES)
def test_words_are_whole(exercise: Exercise, code: str) -> None:
    """Title, story and hints are there in each language, and fit a screen of 100 columns."""
    lines = exercise.text("story", code).splitlines()
    assert lines
    assert all(0 < cell_len(each) <= WIDTH for each in (exercise.text("title", code), *lines))
    assert len(exercise.hints(code)) == len(exercise.hints("en")) > 1


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.name)
def test_what_is_broken_fits(exercise: Exercise) -> None:
    """Each change of an exercise finds in the server's file what it changes."""
    folder = paths.root() / str(exercise.said.get("copy", exercise.reference))
    changes = exercise.said.get("changes", ())
    assert all(change["of"] in (folder / change["file"]).read_text() for change in changes)


def test_hints_come_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Each time one more hint is told, and after the last the last again."""
    hints = find("upload").hints("en")
    for count in (1, 2, 3, 3):
        assert coach.hint("upload", "en") == 0
        said = " ".join(capsys.readouterr().out.split())
        assert [hint in said for hint in hints] == [number < count for number in range(3)]


def test_own_changes_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """Starting over gives the broken files again, and what was changed lies beside them."""
    coach.again("upload", "en")
    mine = Path("my-exercises/upload/php.ini")
    broken = mine.read_text()
    for number in (1, 2):
        mine.write_text(f"; {number}\n")
        coach.again("upload", "en")
        assert mine.read_text() == broken
        assert Path(f"my-exercises/upload.{number}/php.ini").read_text() == f"; {number}\n"
        assert f"upload.{number}" in capsys.readouterr().out


def test_asking_again_keeps_the_hints() -> None:
    """What is remembered of an attempt stays when something else is."""
    chosen = find("upload")
    chosen.hand_out()
    chosen.attempt.note(hints=2)
    chosen.attempt.note(reached=True)
    assert chosen.attempt.noted() == {"hints": 2, "reached": True}


def test_folder_of_somebody_else_is_not_touched() -> None:
    """A folder that no exercise has handed out is left as it is, and said."""
    theirs = Path("my-exercises/upload/php.ini")
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    with pytest.raises(DriftError, match="not handed out"):
        coach.hint("upload", "en")
    assert [theirs] == [file for file in Path("my-exercises").rglob("*") if file.is_file()]
    assert theirs.read_text() == "theirs"


@pytest.mark.parametrize("notes", ["", "{", "[1]", "\udc80".encode("utf-8", "surrogateescape")])
def test_broken_notes_are_a_sentence(notes: str | bytes) -> None:
    """Notes that cannot be read end with a sentence that says how to start over."""
    chosen = find("upload")
    chosen.hand_out()
    file = chosen.attempt.folder / exercises.NOTES
    file.write_bytes(notes if isinstance(notes, bytes) else notes.encode())
    with pytest.raises(DriftError, match="cannot be read") as raised:
        coach.hint("upload", "en")
    assert "exercise upload --again" in raised.value.hint


def test_name_that_is_none() -> None:
    """A name that no exercise has is a sentence with those that there are."""
    with pytest.raises(DriftError, match="no such exercise") as raised:
        find("../local")
    assert "time-zone" in raised.value.hint


def test_reference_is_not_the_attendee_s() -> None:
    """What is built as the reference is the repository's own, and the attempt is the attendee's."""
    chosen = find("upload")
    chosen.hand_out()
    (chosen.attempt.folder / "php.ini").write_text("; mine\n")
    with chosen.laid_out() as root:
        assert (root / "local/php.ini").read_bytes() == Path(
            paths.root() / "local/php.ini"
        ).read_bytes()
        assert (root / "exercise/php.ini").read_text() == "; mine\n"
        assert not (root / "exercise" / exercises.NOTES).exists()
        assert (root / "app/public/index.php").is_file()
    assert not root.exists()


def test_environment_alone_is_the_attendee_s() -> None:
    """Where one image runs as both, only release.env is handed out, and taken back."""
    chosen = find("same-image")
    chosen.hand_out()
    mine = {file.name for file in chosen.attempt.folder.iterdir()}
    assert mine == {"release.env", exercises.NOTES}
    (chosen.attempt.folder / "release.env").write_text("A=b\n")
    with chosen.laid_out() as root:
        assert (root / "container/release.env").read_text() == "A=b\n"


def test_overview_tells_what_was_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """The list marks what was done, in its order."""
    find("upload").hand_out()
    find("upload").attempt.note(reached=True)
    assert coach.overview("en") == 0
    lines = capsys.readouterr().out.splitlines()
    done = [line.split()[1] for line in lines if line.startswith("✓")]
    assert done == ["upload"]
    assert [line.split()[1] for line in lines[: len(ALL)]] == [each.name for each in ALL]
    assert json.loads(Path("my-exercises/upload/.exercise.json").read_text())["reached"]


@pytest.mark.parametrize(
    ("there", "status"),
    [
        (Observation(Status.VALUE, "512M"), coach.REACHED),
        (Observation(Status.VALUE, "128M"), coach.MISSED),
        (Observation(Status.ABSENT), coach.MISSED),
        (Observation(Status.UNKNOWN, reason="no answer"), coach.UNASKED),
    ],
)
def test_goal_is_reached_by_what_was_answered(there: Observation, status: int) -> None:
    """A row is green where the release answers as the reference: not absent, not unknown."""
    seen = {"local": Observation(Status.VALUE, "512M"), "release": there}
    made = Comparison(Check("memory_limit", "settings", "Memory limit", "it ends."), seen)
    report = Report("exercise", Verdict.PARITY, made.verdict, (), (made,))
    assert coach.judged(find("pool"), report) == status


def test_goal_that_was_not_asked_is_not_reached() -> None:
    """Where a row of the goal was not asked at all, nothing is said of it."""
    report = Report("exercise", Verdict.PARITY, Verdict.UNKNOWN, (), ())
    assert coach.judged(find("pool"), report) == coach.UNASKED


def test_row_that_is_nowhere_is_not_green() -> None:
    """What neither server has was not repaired."""
    seen = {name: Observation(Status.ABSENT) for name in ("local", "release")}
    made = Comparison(Check("memory_limit", "settings", "Memory limit", "it ends."), seen)
    report = Report("exercise", Verdict.PARITY, made.verdict, (), (made,))
    assert coach.judged(find("pool"), report) == coach.MISSED


def test_what_a_server_says_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    """Why a server could not be asked reaches the terminal as text, as in every scene."""
    seen = {
        "local": Observation(Status.VALUE, "1"),
        "release": Observation(Status.UNKNOWN, reason="\x1b[31mno answer"),
    }
    made = Comparison(Check("memory_limit", "settings", "Memory limit", "it ends."), seen)
    report = Report("exercise", Verdict.PARITY, made.verdict, (), (made,))
    coach.Coach(find("pool"), speak("en"), keep=False)(report)
    told = capsys.readouterr().out
    assert "no answer" in told
    assert "\x1b" not in told
