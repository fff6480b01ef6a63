"""A test container's life."""

from pathlib import Path

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.scenes.startup import testing
from deployment_drift.scenes.startup.testing import Life, told


def test_life_is_told_in_one_line() -> None:
    """Created, ready, tested, gone: each with its seconds."""
    life = Life("abc", 0.1, 0.2, 0.3, 0.4)
    assert told(life) == "container: created 0.10 s, ready 0.20 s, tests 0.30 s, gone 0.40 s"
    assert round(life.total, 6) == 1


def test_tests_that_take_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that is too busy for the tests is told so, in a sentence."""
    monkeypatch.setattr(testing, "LIMIT", 0.01)
    with pytest.raises(DriftError, match="had not ended within"):
        testing.run_tests("sha256:1", tmp_path / "life.json")


def test_tests_that_fail_say_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no engine answers, the reason is told, and not only which tests need one."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    with pytest.raises(DriftError, match="The shop's tests failed") as raised:
        testing.run_tests("sha256:1", tmp_path / "life.json")
    assert "No engine answers at" in raised.value.detail
