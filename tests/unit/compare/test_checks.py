"""The checks of this project, asked for a scene."""

import ast
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from deployment_drift import paths
from deployment_drift.compare import checks
from deployment_drift.errors import DriftError

PAIR = ["local://", "local://"]


@pytest.mark.parametrize(
    "body",
    [
        "assert same(lambda _: '6.1') and False",  # fails although all is the same
        "same(lambda host: id(host))",  # passes although it differs
        "assert True",  # asks nothing
        "assert False",
    ],
)
def test_no_check_of_ours_passes_unearned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """A check of this project that does not come to what it compared ends the comparison."""
    (tmp_path / "test_ours.py").write_text(f'def test_kernel(same):\n    """K: w."""\n    {body}\n')
    monkeypatch.setattr(paths, "checks", lambda: tmp_path)
    checks.modules.cache_clear()
    try:
        with pytest.raises(DriftError, match="the check kernel is broken"):
            checks.run(PAIR, lambda _: None)
    finally:
        checks.modules.cache_clear()


def test_without_assertions_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -O` leaves out what checks are made of: that is said, and nothing is compared."""
    monkeypatch.setattr(sys, "flags", SimpleNamespace(optimize=1, warn_default_encoding=0))
    with pytest.raises(DriftError, match="leaves out assertions") as raised:
        checks.run(PAIR, lambda _: None)
    assert raised.value.hint == "unset PYTHONOPTIMIZE"


def test_own_checks_are_all_complete() -> None:
    """Each check of this project has a title, a reason, and asserts exactly one comparison."""
    for file in sorted(paths.checks().glob("test_*.py")):
        for test in ast.parse(file.read_text()).body:
            if isinstance(test, ast.FunctionDef):
                title, _, why = (ast.get_docstring(test) or "").partition(": ")
                asserted = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
                assert title, test.name
                assert why.endswith("."), test.name
                assert [ast.unparse(each)[:5] for each in asserted] == ["same("], test.name
