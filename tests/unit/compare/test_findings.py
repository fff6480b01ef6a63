"""Rows of what differs: one an entry, with where it was set and by whom."""

from deployment_drift.compare.findings import findings
from deployment_drift.compare.ranking import Weight
from deployment_drift.records import JSON, Status, Verdict, item
from tests.unit.compare.rows import made, names, php, values


def test_parity_and_not_applicable_have_no_row() -> None:
    """What is the same, or nowhere, is no finding."""
    assert findings([made("a", 1, 1), made("b", None, None)]) == []


def test_a_list_has_a_row_for_each_entry_that_differs() -> None:
    """Of a list, each entry that is not the same is a row with both values."""
    found = findings([made("list", {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 2, "d": 1})])
    assert {row.entry: values(row) for row in found} == {
        "b": [1, 2],
        "c": [1, None],
        "d": [None, 1],
    }
    assert [row.observations["release"].status for row in found][1] is Status.ABSENT


def test_a_list_that_one_host_lacks_is_taken_apart_too() -> None:
    """Where a host has no list at all, each entry is absent there."""
    assert names(findings([made("list", {"a": 1, "b": 1}, None)])) == ["list.a", "list.b"]


def test_items_say_where_they_were_set_and_by_whom() -> None:
    """Place and hand are told by host; they make no difference themselves."""
    here: JSON = {"a": item("1", "/etc/a:1", own=True), "same": item(1, "/etc/b")}
    there = {"a": item("2", "/etc/c:2"), "same": item(1, "/usr/b", own=True)}
    (row,) = findings([made("list", here, there)])
    assert (row.entry, values(row)) == ("a", ["1", "2"])
    assert row.at == {"local": "/etc/a:1", "release": "/etc/c:2"}
    assert (set(row.own), row.traced) == ({"local"}, True)


def test_an_item_need_not_say_where_it_was_set() -> None:
    """Without a place and a hand there is none."""
    (row,) = findings([made("list", {"a": {"is": "1"}}, {"a": {"is": "2"}})])
    assert (row.at, set(row.own), row.traced) == ({}, set(), True)


def test_an_entry_beside_groups_is_called_by_its_name_alone() -> None:
    """Beside runtimes, what is of none of them has no group in its name."""
    here: JSON = {"limit": 1, "web": {"a": 1}}
    there: JSON = {"limit": 2, "web": {"a": 1}}
    assert names(findings([made("list", here, there)])) == ["list.limit"]


def test_groups_are_named_where_there_are_several() -> None:
    """With several runtimes, an entry is called by its runtime, too."""
    here = {"pool www": {"limit": 1}, "command line": {"limit": 1}}
    there = {"pool www": {"limit": 2}, "command line": {"limit": 1}}
    (row,) = findings([made("list", here, there)])
    assert (row.entry, row.key, row.name) == ("pool www: limit", "limit", "list.pool www: limit")


def test_an_only_group_is_not_named() -> None:
    """With one runtime everywhere, nobody needs its name."""
    (row,) = findings([made("list", {"pool www": {"limit": 1}}, {"pool www": {"limit": 2}})])
    assert row.entry == "limit"


def test_only_groups_of_other_names_are_compared_and_their_names_too() -> None:
    """Two hosts with one virtual host each are compared by what is in them."""
    here: JSON = {"a.example": {"root": "/a", "x": 1}}
    there: JSON = {"b.example": {"root": "/b", "x": 1}}
    found = findings([made("list", here, there)])
    assert [values(row) for row in found] == [["a.example", "b.example"], ["/a", "/b"]]
    assert [(row.name, row.entry, row.key) for row in found] == [
        ("list", "", ""),
        ("list.root", "root", "root"),
    ]
    (first, *_) = findings([made("list", here, there, {})])
    assert values(first) == ["a.example", "b.example", None]


def test_an_only_group_that_one_host_lacks_is_not_named() -> None:
    """Where a host has nothing, what the others have is told without the name of its group."""
    assert names(findings([made("list", {"web": {"a": 1}}, {})])) == ["list.a"]


def test_what_is_grouped_on_one_host_only_is_not_matched() -> None:
    """A plain list and one by runtime have nothing to compare."""
    assert names(findings([made("list", {"a": 1}, {"web": {"a": 1}})])) == ["list.a", "list.web"]


def test_a_group_that_one_host_lacks_is_one_row() -> None:
    """A whole runtime that is missing is one row, with what somebody set in it first."""
    job = {f"n{n}": item(n) for n in range(5)} | {"mine": item("x", "/etc/f:1", own=True)}
    (row,) = findings([made("list", {"web": {"a": 1}, "cron": job}, {"web": {"a": 1}})])
    assert row.entry == "cron"
    assert values(row) == ["mine x, n0 0, n1 1, n2 2, n3 3, + 1", None]
    assert (set(row.own), dict(row.at)) == ({"local"}, {"local": "/etc/f:1"})


def test_a_small_group_is_told_whole() -> None:
    """Nothing is left out, what has no value is its name alone, and it was set nowhere."""
    job: JSON = {"flag": "", **{f"n{n}": n for n in range(4)}}
    (row,) = findings([made("list", {"web": {"a": 1}, "cron": job}, {"web": {"a": 1}})])
    assert values(row) == ["flag, n0 0, n1 1, n2 2, n3 3", None]
    assert (row.at, set(row.own)) == ({}, set())


def test_in_a_fleet_groups_are_compared_where_they_are() -> None:
    """That one host has no such group does not hide how the others differ in it."""
    fleet = ({"web": {"a": 1}, "x": {"b": 1}}, {"web": {"a": 2}, "x": {"b": 1}}, {"x": {"b": 1}})
    assert names(findings([made("list", *fleet)])) == ["list.web", "list.web: a"]


def test_one_value_for_several_runtimes_means_each() -> None:
    """A host with one runtime and one with two that agree with it are the same."""
    several = {"pool a": "128M", "pool b": "134217728"}
    assert findings([made("limit", "128M", several, subject="settings")]) == []
    several["pool b"] = "1"
    assert names(findings([made("limit", "128M", several, subject="settings")])) == ["limit"]


def test_a_list_in_another_order_is_one_row() -> None:
    """The order of a list counts, as that of ini files does."""
    (row,) = findings([made("files", ["a", "b"], ["b", "a"])])
    assert values(row) == [["a", "b"], ["b", "a"]]


def test_what_differs_has_a_row() -> None:
    """A difference that no entry tells, as a group of nothing, is told as a whole."""
    found = findings([made("list", {"a": 1, "group": {}}, {"a": 1})])
    assert names(found) == ["list"]


def test_a_list_that_differs_by_the_version_and_in_spelling_is_no_row() -> None:
    """Each path reads without its own version, and a setting as what it means."""
    here: JSON = ["/etc/php/8.4/a.ini", "1"]
    there: JSON = ["/etc/php/8.2/a.ini", 1]
    (row,) = findings([php("8.4", "8.2"), made("every_setting", here, there)])
    assert (row.name, row.effects) == ("php_version", ())


def test_what_came_with_a_package_weighs_less_than_what_somebody_typed() -> None:
    """A job that is known to be nobody's is around the application; one by hand is by hand."""
    for own, weight in ((False, Weight.AROUND), (True, Weight.BY_HAND)):
        here, there = ({"a": item(value, "/etc/cron.d/a", own=own)} for value in ("1", "2"))
        (row,) = findings([made("jobs", here, there, subject="system")])
        assert row.weight is weight


def test_a_list_in_another_order_is_told_of_those_that_answered() -> None:
    """A host that could not be asked is another row."""
    unasked, row = findings([made("files", ["a", "b"], ["b", "a"], "?gone")])
    assert unasked.verdict is Verdict.UNKNOWN
    assert (row.verdict, list(row.observations)) == (Verdict.DRIFT, ["local", "release"])


def test_empty_lists_differ_from_none() -> None:
    """A list that is empty is not the same as one that is not there."""
    assert names(findings([made("list", {}, None)])) == ["list"]
