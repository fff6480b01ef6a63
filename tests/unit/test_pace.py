"""Limits fit the machine: what worked once says how slow it is."""

from pathlib import Path

import pytest

from deployment_drift import pace, paths


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_what_took_long_has_longer_the_next_time() -> None:
    """A boot that worked after a hundred seconds gives the next ones several times that."""
    pace.remember("boot", 100, least=240)
    assert pace.limit("boot", 240) == 400
    assert pace.limit("disk", 240) == 240


def test_what_was_quick_is_not_written_down() -> None:
    """A machine for which the limit is long enough remembers nothing, and is asked for no disk."""
    pace.remember("boot", 10, least=240)
    assert pace.limit("boot", 240) == 240
    assert not list(paths.state().iterdir())


def test_a_quick_one_does_not_shorten_what_a_slow_one_has() -> None:
    """How slow a machine can be is not forgotten while it is quick."""
    pace.remember("boot", 100, least=240)
    pace.remember("boot", 70, least=240)
    assert pace.limit("boot", 240) == 400


@pytest.mark.parametrize("text", ["", "[]", '{"boot": "x"}', "{"])
def test_a_file_that_cannot_be_read_is_none(text: str) -> None:
    """What somebody has spoilt leaves the limit as it is, and is written anew."""
    (paths.state() / "pace.json").write_text(text, "utf-8")
    assert pace.limit("boot", 240) == 240
    pace.remember("boot", 100, least=240)
    assert pace.limit("boot", 240) == 400


def test_without_a_state_folder_nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks an engine alone needs no state folder: the limit is what it is."""
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    pace.remember("boot", 100, least=240)
    assert pace.limit("boot", 240) == 240
