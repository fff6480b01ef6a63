"""What says which changes of the code no test notices."""

import tomllib
from pathlib import Path

import pytest

from deployment_drift import dev, paths


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
