"""What says which changes of the code no test notices, and which engines have played what."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from deployment_drift import dev, paths
from tests.engines.page import FAILS, STEPS, Played, done, page
from tests.fuzz.conftest import TRIED, pytest_terminal_summary


def test_a_copy_changes_only_what_was_named(tmp_path: Path) -> None:
    """The project's own settings are narrowed to the modules whose names begin so."""
    dev.copy(paths.root(), tmp_path, "compare.ranking")
    settings = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    assert settings["only_mutate"] == ["deployment_drift/compare/ranking*"]
    assert "tests/unit/compare" in settings["pytest_add_cli_args_test_selection"]
    assert (tmp_path / "deployment_drift" / "compare" / "ranking.py").is_file()
    assert not (tmp_path / ".venv").exists()


def test_a_copy_asks_only_the_tests_that_were_named(tmp_path: Path) -> None:
    """A module's own tests find most, and the slow ones are asked for what is left."""
    dev.copy(paths.root(), tmp_path, "probe.pipe", ["tests/unit/probe", "tests/programs"])
    settings = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    asked = settings["pytest_add_cli_args_test_selection"]
    assert asked == ["tests/unit/probe", "tests/programs"]
    assert settings["type_check_command"][0] == "mypy"


def test_what_no_test_noticed_is_named_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Each change that survived is named, and every file has its score."""
    statuses = ("survived", "killed", "no tests", "caught by type check", "timeout")
    told = [f"    deployment_drift.compare.x.f__mutmut_{n}: {s}" for n, s in enumerate(statuses)]
    told += ["    deployment_drift.run.g__mutmut_1: killed", ""]
    dev.tell("\n".join(told))
    assert capsys.readouterr().out.splitlines() == [
        "survived: deployment_drift.compare.x.f__mutmut_0",
        "no tests: deployment_drift.compare.x.f__mutmut_2",
        "deployment_drift.compare.x: 3 of 5 noticed",
        "deployment_drift.run: 1 of 1 noticed",
    ]


def engines(*cells: tuple[str, str]) -> str:
    """Return the page of engines after these commands were played, one at a time."""
    text = ""
    for step, came_to in cells:
        text = page([Played("docker-28", "28.5", step, came_to, "1 built", 9.6)], text)
    return text


def test_engines_go_on_where_they_were_stopped() -> None:
    """What was played on any day is left out, and what failed or was stopped is not."""
    text = engines(("demo-drift", "yes"), ("demo-ship", "a | sentence"), ("compare", FAILS))
    assert done(text) == {("docker-28", "demo-drift"), ("docker-28", "demo-ship")}
    today = text.split()[-2]
    before = text.replace(today, "2001-02-03")
    assert done(before) == done(text)
    now = [Played("docker-28", "28.5", "demo-mail", "yes", seconds=3)]
    on = page(now, before, go_on=True)
    assert done(on) == done(text) | {("docker-28", "demo-mail")}
    assert on.endswith(f"| 2001-02-03, {today} |\n")
    anew = page(now, on)
    assert done(anew) == {("docker-28", "demo-mail")}
    assert anew.endswith(f" | {today} |\n")
    assert "2001" not in anew


def test_what_an_engine_has_played_says_how_long_it_took() -> None:
    """The page has the seconds of what was shown, and none of what was not."""
    took = {"demo-drift": "yes", "demo-ship": "a sentence", "compare": FAILS}
    text = page([Played("docker-28", "28.5", each, took[each], seconds=9.6) for each in took], "")
    assert "| yes, 10 s |" in text
    assert "a sentence |" in text
    assert f"| {FAILS} |" in text
    assert ("docker-28", "demo-drift") in done(text)
    assert ("docker-28", "demo-drift") not in done(text.replace("yes, 10 s", "yes"))


def test_an_engine_is_cleaned_after_all_else() -> None:
    """What was cleaned before something else was played is cleaned again."""
    every = [(step, "yes") for step in STEPS]
    assert len(done(engines(*every))) == len(STEPS)
    assert ("docker-28", "clean") not in done(engines(*every, ("compare", "yes")))
    assert ("docker-28", "clean") not in done(engines(*every[:-2], every[-1]))


def test_actions_are_called_by_commit() -> None:
    """A tag of somebody else's action can be moved to anything, and a commit cannot."""
    root = paths.root()
    files = [*(root / ".github").rglob("*.yml"), *(root / "docs").rglob("*.yml")]
    used = [
        use for file in files for use in re.findall(r"\buses:\s*(\S+)", file.read_text("utf-8"))
    ]
    assert used
    assert [use for use in used if not re.fullmatch(r"[\w/.-]+@[0-9a-f]{40}", use)] == []


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """A folder whose name pytest leaves out, as `build` is by default, would never be played."""
    left_out = [str(each) for each in pytestconfig.getini("norecursedirs")]
    tests = paths.root() / "tests"
    files = [file.relative_to(tests).parent for file in tests.rglob("test_*.py")]
    folders = {part for file in files for part in file.parts}
    assert {"build", "engines"} <= folders
    assert not [name for name in folders if any(fnmatch(name, each) for each in left_out)]


def test_a_fuzzer_that_found_something_is_counted() -> None:
    """How many inputs were tried is in another report than that one of them was a fault."""
    said: list[str] = []
    name, place = "tests/fuzz/test_fuzz.py::test_a", ("", 0, "")
    call = pytest.TestReport(name, place, {}, "failed", "it broke", "call")
    tried = [(TRIED, 40)]
    end = pytest.TestReport(name, place, {}, "passed", None, "teardown", user_properties=tried)
    reporter = SimpleNamespace(stats={"failed": [call], "": [end]}, write_line=said.append)
    pytest_terminal_summary(cast("pytest.TerminalReporter", reporter))
    assert said[-1].strip() == "40 inputs in all, 1 failures"
