"""The report for a pull request."""

from dataclasses import replace

from deployment_drift.events import Report
from deployment_drift.report.language import load
from deployment_drift.report.markdown import markdown
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
