"""The JSON document of a scene."""

import json
from dataclasses import replace
from pathlib import Path

from deployment_drift.events import Compared, Event, Progress, Report, Shown, StepStarted
from deployment_drift.report.document import document, written
from deployment_drift.report.language import load
from tests.unit.conftest import Compare


def test_shape(report: Report) -> None:
    """The document has the shape that the README promises."""
    content = json.loads(document(report, load("en")))
    assert content["scene"] == "drift"
    assert content["verdict"] == "drift"
    assert content["hosts"][0] == {"name": "local", "address": "docker://a", "image": "sha256:1"}
    note = load("en").say("notes.drift.hosts")
    assert content["steps"] == [{"name": "hosts", "seconds": 0.5, "note": note}]
    assert content["checks"][1] == {
        "name": "php_version",
        "why": "it matters.",
        "verdict": "drift",
        "observations": [
            {"host": "local", "status": "value", "value": "8.4"},
            {"host": "release", "status": "value", "value": "8.2"},
        ],
    }


def test_why_is_translated(report: Report) -> None:
    """Why a check matters is said in the language that was asked for."""
    why = json.loads(document(report, load("ja")))["checks"][1]["why"]
    assert why == load("ja").sentences["checks.php_version.why"]


def test_absent_and_unknown_have_no_value(report: Report, compare: Compare) -> None:
    """What was not there and what could not be asked are told apart by their status."""
    report = replace(report, comparisons=(compare(None, "?gone"),))
    seen = json.loads(document(report, load("en")))["checks"][0]["observations"]
    assert [(each["status"], each["value"]) for each in seen] == [
        ("absent", None),
        ("unknown", None),
    ]


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
