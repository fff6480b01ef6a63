"""An engine in a container, taken away."""

from pathlib import Path

import pytest

from deployment_drift.engine import leftovers
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import EngineError
from deployment_drift.targets import nested
from deployment_drift.targets.target import Target
from tests.fakes import serve


def test_engine_without_control_groups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Docker that a user runs often has no control groups: no engine runs in a container there."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    asked: list[str] = []
    with serve({"GET /info": {"CgroupDriver": "none"}}, asked) as address:
        engine = Engine(f"tcp://{address}", "DOCKER_HOST", api="1.41")
        started = nested.start(engine, Session("a", {}), Target("engine", "sha256:1"))
        with pytest.raises(EngineError, match="no control groups"), started:
            pytest.fail("it cannot start")
    assert len(asked) == 1


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
