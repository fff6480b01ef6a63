"""Entries that differ in the same way are one row; every other finding keeps its own."""

from deployment_drift.compare.findings import findings
from deployment_drift.records import JSON, item
from deployment_drift.report.bundles import NAMED, bundled
from tests.unit.conftest import Compare


def entries(compare: Compare, here: JSON, there: JSON) -> list[str]:
    """Return what the rows of one differing list are called, bundled."""
    return [row.entry for row in bundled(findings([compare(here, there, name="sets")]))]


def test_entries_that_differ_alike_are_one_row(compare: Compare) -> None:
    """Three that one host lacks are told together, in their order; another one stands alone."""
    here: JSON = {"a": True, "b": True, "c": True, "d": 1}
    there: JSON = {"a": False, "b": False, "c": False, "d": 2}
    assert sorted(entries(compare, here, there)) == ["a, b, c", "d"]


def test_two_are_no_bundle(compare: Compare) -> None:
    """Two entries are easier to read in a row each."""
    assert entries(compare, {"a": 1, "b": 1}, {"a": 2, "b": 2}) == ["a", "b"]


def test_two_runtimes_are_one_row(compare: Compare) -> None:
    """What two runtimes lack in the same way is told once, with both names."""
    here: JSON = {"MAIL_HOST": {"Apache module": "mx", "command line": "mx"}, "TZ": {"cron": "UTC"}}
    there: JSON = {"MAIL_HOST": {"cron": "mx"}, "TZ": {"cron": "UTC"}}
    assert "MAIL_HOST: Apache module, command line" in entries(compare, here, there)


def test_what_was_set_by_hand_stands_alone(compare: Compare) -> None:
    """An entry that says where it was set has a row of its own."""
    here: JSON = {name: item("1", at=f"/etc/x:{name}", own=True) for name in "123"}
    assert len(entries(compare, here, {})) == 3


def test_many_names_are_counted(compare: Compare) -> None:
    """Of a long bundle the first names are told, and how many there are besides."""
    here: JSON = {f"name{number:02}": True for number in range(NAMED + 5)}
    (row,) = entries(compare, here, {})
    assert row.startswith("name00, name01, ")
    assert row.endswith(" + 5")
