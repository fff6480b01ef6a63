"""The comparison: what drifts, what does not, and what nobody can tell."""

import pytest

from deployment_drift.compare.comparison import Verdict, answer, groups, overall
from deployment_drift.records import JSON
from tests.unit.conftest import Compare


def test_equal_values_are_parity(compare: Compare) -> None:
    """The same value on every host is parity."""
    assert compare("8.4", "8.4", "8.4").verdict is Verdict.PARITY


def test_one_different_value_is_drift(compare: Compare) -> None:
    """One host that differs is enough for a drift."""
    assert compare("8.4", "8.4", "8.2").verdict is Verdict.DRIFT


def test_absent_differs_from_every_value(compare: Compare) -> None:
    """Something that is not there differs from something empty."""
    assert compare("", None).verdict is Verdict.DRIFT


def test_absent_everywhere_is_not_applicable(compare: Compare) -> None:
    """Something that is nowhere is neither a drift nor a parity."""
    assert compare(None, None, None).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("empty", [{}, []])
def test_lists_without_an_entry_are_not_applicable(compare: Compare, empty: JSON) -> None:
    """Where no host has an entry there was nothing to compare; another empty answer is one."""
    assert compare(empty, empty).verdict is Verdict.NOT_APPLICABLE
    assert compare(empty, ["a"]).verdict is Verdict.DRIFT
    assert compare(empty, None).verdict is Verdict.DRIFT
    assert compare("", "").verdict is Verdict.PARITY


def test_what_is_not_applicable_makes_no_parity(compare: Compare) -> None:
    """Where nothing is there to be compared, nobody can tell."""
    nowhere = compare(None, None)
    assert overall([nowhere]) is Verdict.UNKNOWN
    assert overall([nowhere, compare("a", "a")]) is Verdict.PARITY


def test_a_drift_stays_one_whatever_is_hidden(compare: Compare) -> None:
    """What could not be asked makes a parity unknown; a drift that is told stays a drift."""
    silent, drift = compare("?closed", "?closed"), compare("8.4", "8.2")
    assert overall([silent, compare("a", "a")]) is Verdict.UNKNOWN
    assert overall([silent, drift]) is Verdict.DRIFT


@pytest.mark.parametrize("values", [("?gone", "8.4"), ("8.4", "?gone"), ("?gone", "?gone")])
def test_unknown_is_neither(compare: Compare, values: tuple[str, str]) -> None:
    """A host that could not be asked makes neither drift nor parity."""
    assert compare(*values).verdict is Verdict.UNKNOWN


def test_numbers_and_their_texts_differ(compare: Compare) -> None:
    """A number and the text of it are two values."""
    assert compare(1, "1").verdict is Verdict.DRIFT


def test_true_and_one_differ(compare: Compare) -> None:
    """True and 1 are two values, although Python calls them equal."""
    assert compare(True, 1).verdict is Verdict.DRIFT  # noqa: FBT003 -- a value, not a switch


def test_only_parity_is_true(compare: Compare) -> None:
    """A check that asserts its comparison passes only in parity."""
    assert compare("8.4", "8.4")
    assert not compare("8.4", "8.2")
    assert not compare("8.4", "?gone")


def test_sentence_names_hosts_and_values(compare: Compare) -> None:
    """A failed assertion names every host with what it answered."""
    assert repr(compare("8.4.24", "8.2.36")) == "PHP version: local 8.4.24, release 8.2.36"
    assert repr(compare("8.4.24", None)) == "PHP version: local 8.4.24, release absent"
    assert "release unknown (gone)" in repr(compare("8.4.24", "?gone"))


def test_sentence_counts_the_entries_of_lists(compare: Compare) -> None:
    """Of two lists it says how many entries are only on one side, and how many different."""
    lists = compare({"a": 1, "b": 1, "c": 1}, {"b": 1, "c": 2, "d": 1})
    assert repr(lists) == "PHP version: 1 only local (a), 1 only release (d), 1 different (c)"
    spelt = compare({"a": "On"}, {"a": "1"}, name="every_setting")
    assert repr(spelt) == "PHP version: the same"


def test_lists_of_a_fleet_are_told_host_by_host(compare: Compare) -> None:
    """More than two lists are not compared in pairs."""
    assert repr(compare(["a"], ["b"], ["c"])).startswith("PHP version: local ")


def test_sentence_names_ten_hosts_and_counts_more(compare: Compare) -> None:
    """Beyond ten hosts, those that agree are one, and the largest group comes first."""
    ten = repr(compare("8.2", *["8.4"] * 9))
    assert ten.startswith("PHP version: local 8.2, release 8.4, web-2 8.4, ")
    eleven = repr(compare("8.2", *["8.4"] * 10))
    assert eleven == "PHP version: release and 9 others 8.4, local 8.2"
    three = repr(compare(*["8.4"] * 8, *["8.2"] * 3))
    assert three == "PHP version: local and 7 others 8.4, web-8 and 2 others 8.2"
    pair = repr(compare(*["8.4"] * 9, "8.2", "8.2"))
    assert pair == "PHP version: local and 8 others 8.4, web-9 and 1 other 8.2"


def test_order_of_names_is_no_difference(compare: Compare) -> None:
    """Equal entries in another order are the same answer."""
    here, there = (
        compare(value).observations["local"] for value in ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    )
    assert answer(here) == answer(there)


def test_worst_verdict_is_the_whole_verdict(compare: Compare) -> None:
    """Drift is worse than parity, and so is what is unknown."""
    same, differs, unknown = compare("a", "a"), compare("a", "b"), compare("a", "?gone")
    assert overall([same, differs]) is Verdict.DRIFT
    assert overall([same, differs, unknown]) is Verdict.DRIFT
    assert overall([same, same, unknown]) is Verdict.UNKNOWN
    assert overall([same, same]) is Verdict.PARITY


def test_nothing_compared_is_no_parity() -> None:
    """Without a single comparison nothing can be said."""
    assert overall([]) is Verdict.UNKNOWN


def test_hosts_that_agree_are_together_the_most_first(compare: Compare) -> None:
    """What most hosts answer is named first, and the order of the hosts is kept."""
    assert groups(compare("a", "b", "b")) == [["release", "web-2"], ["local"]]
    assert groups(compare("a", "b", "a", "b")) == [["local", "web-2"], ["release", "web-3"]]
