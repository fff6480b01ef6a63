"""The report for a pull request."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from deployment_drift.events import Report
from deployment_drift.report.exports import junit, markdown
from deployment_drift.report.language import load
from tests.unit.conftest import Compare


def test_verdict_and_table(report: Report) -> None:
    """The verdict comes first, then what differs; what is the same is left out."""
    text = markdown(report, load("en"))
    assert text.startswith("**DRIFT\\: 1 of 2 answers differ.")
    assert "| ❌ | PHP version | 8.4 | 8.2 | it matters. |" in text
    assert "kernel" not in text


def test_values_cannot_write_markdown(report: Report, compare: Compare) -> None:
    """A value can add neither columns, links, mentions nor HTML."""
    evil = compare("a | b\n<img src=x> [x](y) @all `c`", "a")
    text = markdown(replace(report, comparisons=(evil,)), load("en"))
    (row,) = (line for line in text.splitlines() if line.startswith("| ❌"))
    assert row.count(" | ") == 4
    assert "<img" not in row
    assert "[x](y)" not in row
    assert "\\@all" in row


def test_long_reports_are_folded(report: Report, compare: Compare) -> None:
    """What does not fit a screen is folded, not lost."""
    many = tuple(compare("a", "b", name=f"check_{n}") for n in range(20))
    text = markdown(replace(report, comparisons=many), load("en"))
    assert text.count("| ❌") == 20
    assert "<details><summary>6 more</summary>" in text


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
