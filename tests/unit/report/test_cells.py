"""The cells of a table: whole lists by what differs, folded unless asked for."""

from deployment_drift.compare.comparison import Comparison
from deployment_drift.report.cells import cells
from deployment_drift.report.language import load
from tests.unit.conftest import Compare

HERE = {"only": "1", "same": "1", **{f"php-{n}": "8.4" for n in range(9)}}
THERE = {"same": "1", "vim": "9", **{f"php-{n}": "8.2" for n in range(9)}}


def texts(comparison: Comparison, *, full: bool) -> list[str]:
    """Return the cells as plain text."""
    return [cell.plain for cell in cells(comparison, load("en"), full=full)]


def test_lists_are_grouped_and_folded(compare: Compare) -> None:
    """Only here, only there, and different stand apart; beyond a few names there is a count."""
    assert texts(compare(HERE, THERE), full=False) == [
        "only here: only\n9 different: php-0 8.4, php-1 8.4, php-2 8.4 + 6",
        "only here: vim\n9 different: php-0 8.2, php-1 8.2, php-2 8.2 + 6",
    ]


def test_full_unfolds_lists(compare: Compare) -> None:
    """With --full every name is there, with each host's own value."""
    local, release = texts(compare(HERE, THERE), full=True)
    assert "php-8 8.4" in local
    assert "php-8 8.2" in release
    assert " + " not in local + release


def test_full_unfolds_a_fleet(compare: Compare) -> None:
    """With --full every host that differs is named."""
    crowd = compare(*["a"] * 20, *["b"] * 9)
    assert " + 4" in texts(crowd, full=False)[0]
    assert "web-28" in texts(crowd, full=True)[0]
