"""Measurements and statements, as an audience reads them."""

import pytest

from deployment_drift.report.figures import amount


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0312, "s", "0.031 s"),
        (7.94, "s", "7.9 s"),
        (512, "B", "512 B"),
        (14 * 1024**2, "B", "14 MiB"),
        (3 * 1024**3, "B", "3.0 GiB"),
        (2, "count", "2"),
        ("6.1.0", "", "6.1.0"),
    ],
)
def test_amounts_are_short(value: float | str, unit: str, text: str) -> None:
    """A value is written with as many digits as people say."""
    assert amount(value, unit) == text
