"""Events as lines of a file, for whoever reads along."""

import json
from pathlib import Path

from deployment_drift.events import Compared, Event, Progress, Shown, StepStarted
from deployment_drift.report.lines import written
from tests.unit.conftest import Compare


def test_line_is_there_at_once(tmp_path: Path) -> None:
    """While a scene is still played, each event that was told can be read, with its seconds."""
    path = tmp_path / "events"
    with written(str(path)) as (tell,):
        events: list[Event] = [StepStarted("images", 3), Progress("local", "\x9b2J")]
        for count, event in enumerate(events, 1):
            tell(event)
            assert len(path.read_text("ascii").splitlines()) == count
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert first == {"at": first["at"], "event": "step_started"} | {
        "name": "images",
        "number": 3,
    }
    assert 0 <= first["at"] <= second["at"] < 1


def test_any_value_can_be_written(tmp_path: Path, compare: Compare) -> None:
    """A statement's value is written as what it says; a comparison with all that was seen."""
    path = tmp_path / "events"
    with written(str(path)) as (tell,):
        tell(Shown("a", holds=None, values={"folder": Path("/tmp/x")}))  # noqa: S108 -- a name
        tell(Compared(compare("8.4", "8.2")))
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert first["values"] == {"folder": "/tmp/x"}  # noqa: S108
    assert '"8.2"' in json.dumps(second["comparison"])


def test_no_file_no_listener() -> None:
    """Nobody writes where nobody asked for it."""
    with written("") as listeners:
        assert listeners == []
