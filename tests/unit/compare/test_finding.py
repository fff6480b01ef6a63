"""The odd ones of a fleet."""

from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.finding import minority, odd_ones
from deployment_drift.compare.findings import findings
from deployment_drift.records import JSON, Check
from tests.unit.conftest import observation


def fleet(name: str, *values: JSON, subject: str = "own") -> Comparison:
    """Return one check on as many hosts as values."""
    seen = {f"web-{n}": observation(value) for n, value in enumerate(values)}
    return Comparison(Check(name, subject, name, "it matters."), seen)


def told(*comparisons: Comparison) -> list[tuple[str, list[str]]]:
    """Return in what each odd host is odd, in the order in which they are told."""
    odd = odd_ones(findings(comparisons))
    return [(each.host, [finding.name for finding in each.findings]) for each in odd]


def test_who_differs_in_most_comes_first() -> None:
    """Hosts are ranked by how many findings they are alone with, and the rest is not named."""
    kernel = fleet("kernel", 1, 1, 1, 2, 1)
    packages = fleet("list", *[{"a": 1, "b": 1}] * 2, {"a": 2, "b": 3}, {"a": 1, "b": 1}, None)
    assert told(kernel, fleet("time", 1, 1, 3, 1, 1), packages) == [
        ("web-2", ["time", "list.a", "list.b"]),
        ("web-4", ["list.a", "list.b"]),
        ("web-3", ["kernel"]),
    ]


def test_the_reference_can_be_the_odd_one() -> None:
    """It is the rest that counts, not the first host."""
    assert told(fleet("kernel", 2, 1, 1)) == [("web-0", ["kernel"])]


def test_without_a_majority_nobody_is_odd() -> None:
    """Half against half says nothing about who is odd."""
    assert told(fleet("kernel", 1, 1, 2, 2)) == []
    assert told(fleet("name", 1, 2, 3)) == []


def test_the_unknown_are_not_odd() -> None:
    """A host that could not be asked is not said to differ, and does not count."""
    assert told(fleet("kernel", 1, 1, "?gone")) == []
    (row,) = findings([fleet("kernel", 1, 1, "?gone")])
    assert minority(row) == ()
    (row,) = findings([fleet("kernel", "?gone", "?gone")])
    assert minority(row) == ()
    assert told(fleet("kernel", 1, 1, 2, "?gone", "?gone")) == [("web-2", ["kernel"])]


def test_values_that_mean_the_same_are_one_answer() -> None:
    """Spellings of a setting do not make a host odd."""
    limit = fleet("limit", "1M", "1048576", "2M", subject="settings")
    assert told(limit) == [("web-2", ["limit"])]
