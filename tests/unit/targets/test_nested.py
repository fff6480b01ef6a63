"""An engine in a container, taken away."""

from pathlib import Path

import pytest

from deployment_drift.engine import leftovers
from deployment_drift.targets import nested


def test_way_to_an_engine_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What leads to an engine is removed with it, and with a session's last one its folder."""
    monkeypatch.setattr(leftovers, "remove_container", lambda *_: None)
    first, last = tmp_path / "session" / "a", tmp_path / "session" / "b"
    for each in (first, last):
        each.mkdir(parents=True)
    nested._remove(None, "outer", first)  # noqa: SLF001 -- what ends `start`
    assert [*tmp_path.rglob("*")] == [tmp_path / "session", last]
    nested._remove(None, "outer", last)  # noqa: SLF001
    assert [*tmp_path.iterdir()] == []
