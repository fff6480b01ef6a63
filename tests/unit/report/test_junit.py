"""The report for CI systems."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from deployment_drift.events import Report
from deployment_drift.report.junit import junit
from tests.unit.conftest import Compare


def test_drift_is_a_failure_and_unknown_an_error(report: Report, compare: Compare) -> None:
    """CI systems tell what differs from what could not be asked."""
    report = replace(report, comparisons=(compare("a", "b"), compare("a", "?gone")))
    suite = ET.fromstring(junit(report))[0]  # noqa: S314 -- written by ourselves
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "1")
    assert [case[0].tag for case in suite] == ["failure", "error"]
    assert suite[0][0].get("message") == "PHP version: local a, release b"


def test_allowed_passes_with_its_reason(report: Report, compare: Compare) -> None:
    """What is allowed does not fail a build, and is not hidden."""
    allowed = replace(compare("a", "b"), allowed="on purpose")
    (case,) = ET.fromstring(junit(replace(report, comparisons=(allowed,))))[0]  # noqa: S314
    assert [(child.tag, child.text) for child in case] == [("system-out", "allowed: on purpose")]


def test_values_stay_values(report: Report, compare: Compare) -> None:
    """Markup and control characters in a value cannot break the document."""
    evil = compare("<b>&\x00\x1b]]>", '"')
    document = junit(replace(report, comparisons=(evil,)))
    assert "<b>&" in (ET.fromstring(document)[0][0][0].get("message") or "")  # noqa: S314
