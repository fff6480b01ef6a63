"""The exercises, as an attendee does them: each is red as it is handed out, and can be solved."""

import re
import shutil
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.stage.exercises import every
from tests.demo.conftest import Invoke

ROOT = paths.root()
CASE = ROOT / "tests/cases/01-fpm-pool-memory"
NAMES = [exercise.name for exercise in every()]
RED, GREEN = "✗", "✓"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def only_mail_is_gone(mine: Path) -> None:
    """Leave the server that stands before the mail."""
    text = (mine / "Dockerfile").read_text()
    (mine / "Dockerfile").write_text(text.partition("# Mail")[0])


def the_same_server(mine: Path) -> None:
    """Set the server up as local is, but for what nobody asked for."""
    for name in ("Dockerfile", "php.ini"):
        shutil.copy(ROOT / "local" / name, mine / name)


def without(name: str, pattern: str) -> None:
    """Take a line out of the attendee's file."""
    file = Path("my-exercises") / name
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not re.search(pattern, line)))


def solve(name: str) -> None:
    """Do what the last hint says."""
    mine = Path("my-exercises") / name
    if name in {"time-zone", "upload"}:
        shutil.copy(ROOT / "local" / "php.ini", mine)
    elif name in {"unread-file", "version"}:
        the_same_server(mine)
    elif name == "only-php":
        only_mail_is_gone(mine)
    elif name == "same-image":
        without(f"{name}/release.env", "PHP_INI_SCAN_DIR")
    else:
        without(f"{name}/Dockerfile", "phpdismod|chmod|php_admin_value")


@pytest.mark.parametrize("name", NAMES)
def test_exercise_is_red_and_can_be_solved(invoke: Invoke, name: str) -> None:
    """As handed out, every row of the goal is red; what the last hint says makes all green."""
    (goal,) = (exercise.goal for exercise in every() if exercise.name == name)
    broken = invoke("exercise", name, LANG="en_US.UTF-8").expect(1)
    assert f"NOT YET: 0 of {len(goal)} rows are green" in broken
    solve(name)
    solved = invoke("exercise", name, LANG="ja_JP.UTF-8").expect(0)
    assert f"{len(goal)}行のうち{len(goal)}行が緑です" in solved
    marks = re.findall(rf"^({RED}|{GREEN})  ", solved, re.MULTILINE)
    assert marks == [GREEN] * len(goal)
    (line,) = (each for each in invoke("exercise").expect(0).splitlines() if f" {name} " in each)
    assert line.startswith(GREEN)


def test_what_cannot_be_asked_is_not_green(invoke: Invoke) -> None:
    """A release on which nothing can be asked does not reach the goal: unknown, 2."""
    invoke("exercise", "pool", "--hint").expect(0)
    file = Path("my-exercises/pool/Dockerfile")
    file.write_text((CASE / "local/Dockerfile").read_text().replace("CMD", "RUN rm /bin/sh\nCMD"))
    ended = invoke("exercise", "pool")
    assert ended.status == 2
    assert "DONE" not in ended.out


def test_fault_of_the_attendee_is_a_sentence(invoke: Invoke) -> None:
    """A Dockerfile that cannot be built is told as for every build, and nothing is lost."""
    invoke("exercise", "time-zone", "--hint").expect(0)
    file = Path("my-exercises/time-zone/Dockerfile")
    file.write_text("FORM debian:trixie-slim\n")
    assert "Next: mend my-exercises/time-zone, then " in invoke("exercise", "time-zone").error(2)
    assert file.read_text() == "FORM debian:trixie-slim\n"
