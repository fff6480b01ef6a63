"""pytest, run for a scene."""

from pathlib import Path

import pytest

from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.errors import DriftError

CHECK = 'def test_kernel(same):\n    """Kernel: w."""\n    assert same(lambda host: {})\n'
PAIR = ["local://", "local://"]


def made(folder: Path) -> list[Comparison]:
    """Run the checks of a folder on two shells of this machine."""
    heard: list[Comparison] = []
    checks.run(PAIR, heard.append, folder=folder)
    return heard


def test_comparisons_are_heard_as_they_are_made(tmp_path: Path) -> None:
    """Each comparison is handed on, with the check's name and file."""
    (tmp_path / "test_heard.py").write_text(CHECK.format('"6.1"'))
    (comparison,) = made(tmp_path)
    assert (comparison.check.name, comparison.check.subject) == ("kernel", "heard")
    assert comparison.verdict is Verdict.PARITY


def test_a_failure_beside_a_parity_is_a_fault(tmp_path: Path) -> None:
    """A check whose comparison holds and that fails nonetheless is broken, and says why."""
    check = CHECK.format('"6.1"') + '    assert 1 == 2, "one is not two"\n'
    (tmp_path / "test_beside.py").write_text(check)
    with pytest.raises(DriftError) as raised:
        made(tmp_path)
    assert "one is not two" in raised.value.detail


def test_a_folder_without_checks_is_an_error(tmp_path: Path) -> None:
    """Nothing compared is no parity: it is an error that gives the command to look closer."""
    with pytest.raises(DriftError) as raised:
        made(tmp_path)
    assert raised.value.hint.startswith("pytest ")


def test_ctrl_c_comes_through(tmp_path: Path) -> None:
    """Ctrl-C in a check stops the scene, not only the check."""
    (tmp_path / "test_stopped.py").write_text(
        CHECK.format("(_ for _ in ()).throw(KeyboardInterrupt)")
    )
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path)


def test_a_projects_settings_are_not_for_our_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a folder tells pytest concerns the checks of that folder, and no others."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "test_theirs.py").write_text(CHECK.format('"6.1"'))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DriftError):
        checks.questions(tmp_path)
    assert checks.questions().expressions
