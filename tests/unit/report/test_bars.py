"""Bars on one scale, for what was measured several times."""

from io import StringIO

import pytest
from rich.console import Console

from deployment_drift.compare.comparison import Verdict
from deployment_drift.events import Measured, Report
from deployment_drift.report.figures import LONGEST, bars, lengths
from deployment_drift.report.language import load


def drawn(*values: float, spread: bool = True) -> str:
    """Return what is drawn for the first answers of so many subjects."""
    subjects = ("process", "container", "host_type")
    measurements = tuple(
        Measured(subject, "answer", value, "s", *((value, value) if spread else (None, None)))
        for subject, value in zip(subjects, values, strict=False)
    )
    report = Report("startup", Verdict.SHOWN, Verdict.SHOWN, (), (), measurements=measurements)
    out = StringIO()
    Console(file=out, width=100).print(*bars(report, load("en")))
    return out.getvalue()


def test_linear_bars_are_proportional() -> None:
    """While every bar can be seen, twice the length is twice the value."""
    assert lengths([1, 2, 4], 48) == [12, 24, 48]


def test_logarithmic_bars_keep_factors() -> None:
    """On a logarithmic scale the same factor is the same distance, and it is said so."""
    first, second, third = lengths([0.01, 0.1, 1], 30)
    assert second - first == third - second
    assert "Logarithmic" in drawn(0.01, 1)
    assert "Logarithmic" not in drawn(0.1, 1)


@pytest.mark.parametrize("values", [[1, 1], [0.001, 1000], [3, 4, 5]])
def test_longest_bar_fills_the_scale(values: list[float]) -> None:
    """The longest bar is as long as the scale, and none is without a mark."""
    assert max(lengths(values)) == LONGEST
    assert min(lengths(values)) >= 1


def test_figures_without_a_spread_have_no_bars() -> None:
    """What was seen once is a figure in the table, no bar; nor is a single subject."""
    assert drawn(0.1, 0.2, spread=False).strip() == ""
    assert drawn(0.1).strip() == ""
