"""The exit status that a report comes to."""

from dataclasses import replace

import pytest

from deployment_drift.compare.comparison import Verdict
from deployment_drift.events import Report


@pytest.mark.parametrize(
    ("expects", "verdict", "status"),
    [
        (Verdict.DRIFT, Verdict.DRIFT, 0),
        (Verdict.DRIFT, Verdict.PARITY, 1),
        (Verdict.PARITY, Verdict.PARITY, 0),
        (Verdict.PARITY, Verdict.DRIFT, 1),
        (Verdict.DRIFT, Verdict.UNKNOWN, 2),
        (Verdict.PARITY, Verdict.UNKNOWN, 2),
    ],
)
def test_status(report: Report, expects: Verdict, verdict: Verdict, status: int) -> None:
    """0 as claimed, 1 not as claimed, 2 when nobody can tell."""
    assert replace(report, expects=expects, verdict=verdict).status == status
