"""The JSON document of a scene."""

import json
from dataclasses import replace

from deployment_drift.events import Report
from deployment_drift.report.document import document
from deployment_drift.report.language import load
from tests.unit.conftest import Compare


def test_shape(report: Report) -> None:
    """The document has the shape that the README promises."""
    content = json.loads(document(report, load("en")))
    assert content["scene"] == "drift"
    assert content["verdict"] == "drift"
    assert content["hosts"][0] == {"name": "local", "address": "docker://a", "image": "sha256:1"}
    assert content["steps"] == [{"name": "hosts", "seconds": 0.5}]
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
