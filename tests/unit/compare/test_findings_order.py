"""Rows of what differs: what breaks most first, and what could not be asked."""

from dataclasses import replace

from deployment_drift.compare.findings import findings
from deployment_drift.compare.ranking import Weight
from deployment_drift.records import Verdict, item
from tests.unit.compare.rows import effects, made, names, php


def test_what_could_not_be_asked_for_one_reason_is_one_row() -> None:
    """A host out of reach is said once; it does not differ."""
    found = findings([made("a", "1", "?gone"), made("b", "1", "?gone"), made("c", "1", "?late")])
    assert (names(found), effects(found, "a")) == (["a", "c"], ["b"])
    assert {row.verdict for row in found} == {Verdict.UNKNOWN}


def test_an_unknown_host_does_not_hide_what_others_differ_in() -> None:
    """Of three hosts, two that differ are told beside the one that could not be asked."""
    found = findings([made("list", {"a": 1}, {"a": 2}, "?gone")])
    assert [(row.name, row.verdict) for row in found] == [
        ("list", Verdict.UNKNOWN),
        ("list.a", Verdict.DRIFT),
    ]
    assert list(found[1].observations) == ["local", "release"]


def test_what_breaks_most_comes_first() -> None:
    """Answers, then what somebody set, causes, libraries, the unknown, what is around, the rest."""
    rows = [
        made("odd", 1, 2, subject="own"),
        made("zone", "a", "b", subject="system"),
        made("gone", "a", "?gone", subject="own"),
        made("icu", "76", "72", subject="libraries"),
        php(),
        made("every_setting", {"a": item("1", own=True)}, {}),
        made("offer", "32", "31", subject="shop"),
    ]
    found = findings(rows)
    assert [row.weight for row in found] == list(Weight)
    assert names(found)[0] == "offer"
    assert names(found)[-1] == "odd"


def test_what_was_forgotten_on_one_side_comes_before_what_was_set_on_both() -> None:
    """One side only is the likelier mistake."""
    both = item("1", own=True), item("2", own=True)
    listed = made("list", {"a": both[0], "b": both[0]}, {"a": both[1], "b": item("0")})
    assert names(findings([listed])) == ["list.b", "list.a"]


def test_named_checks_come_first_then_by_what_they_are_about() -> None:
    """Within a weight, a check of its own stands before entries of lists, settings before jobs."""
    rows = [
        made("php_environment", {"x": "1"}, {"x": "2"}, subject="runtimes"),
        made("every_setting", {"a": item("1", own=True)}, {"a": item("2")}),
        made("has_soap", "a", None, subject="extensions", entry="every_extension.soap"),
    ]
    assert names(findings(rows)) == ["has_soap", "every_setting.a", "php_environment.x"]


def test_what_nobody_set_was_not_forgotten() -> None:
    """Where nobody is known to have set it, it does not come before what was set on both sides."""
    both = {"a": item("1", own=True)}, {"a": item("2", own=True)}
    pools = made("pools", *both, subject="runtimes")
    environment = made("php_environment", {"x": "1"}, {"x": "2"}, subject="runtimes")
    assert names(findings([pools, environment])) == ["pools.a", "php_environment.x"]


def test_allowed_rows_come_last() -> None:
    """What somebody accepted is no news."""
    offer = replace(made("offer", "1", "2", subject="shop"), allowed="on purpose")
    found = findings([offer, made("odd", 1, 2, subject="own")])
    assert [(row.name, row.allowed) for row in found] == [("odd", ""), ("offer", "on purpose")]


def test_a_scene_keeps_the_order_of_its_story() -> None:
    """Single answers come in the story's order and are not folded; lists come after them."""
    rows = [
        made("every_setting", {"a": item("1")}, {"a": item("2")}),
        made("rounding", "31", "32", subject="answers"),
        php(),
        made("offer", "32", "31", subject="shop"),
    ]
    found = findings(rows, ["shop", "php", "answers"])
    assert names(found) == ["offer", "php_version", "rounding"]
    assert effects(found, "php_version") == ["every_setting.a"]


def test_a_row_says_until_when_it_was_allowed() -> None:
    """A drift that was accepted until its day came is told with that."""
    (row,) = findings([replace(made("odd", 1, 2), expired="allowed until then")])
    assert (row.verdict, row.expired) == (Verdict.DRIFT, "allowed until then")


def test_what_a_story_does_not_tell_comes_behind_it() -> None:
    """Other answers come after the story's, then entries by weight, and the allowed last."""
    rows = [
        replace(made("find", 1, 2, subject="shop"), allowed="on purpose"),
        made("list", {"a": 1}, {"a": 2}, subject="own"),
        made("jobs", {"a": 3}, {"a": 4}, subject="own"),
        made("odd", 1, 2, subject="own"),
        made("rounding", 31, 32, subject="answers"),
        made("offer", 32, 31, subject="shop"),
    ]
    told = names(findings(rows, ["shop", "answers"]))
    assert told == ["offer", "rounding", "odd", "jobs.a", "list.a", "find"]
