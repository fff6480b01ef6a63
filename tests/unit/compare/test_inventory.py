"""Whole inventories, compared name by name."""

from deployment_drift.compare.inventory import Difference, difference, entries, folded, matched
from deployment_drift.compare.meaning import Kind
from deployment_drift.records import item


def test_objects_are_compared_by_name_and_value() -> None:
    """What is only here, only there, and different stand apart."""
    here, there = {"a": 1, "b": 1, "c": 1}, {"b": 1, "c": 2, "d": 1}
    assert difference(here, there) == Difference(("a",), ("d",), ("c",))


def test_lists_are_compared_as_sets() -> None:
    """The order of a list of names does not matter."""
    assert difference(["b", "a"], ["a", "c"]) == Difference(("b",), ("c",), ())


def test_single_values_are_no_inventory() -> None:
    """Texts, numbers and unlike kinds have no names to compare."""
    assert difference("a", "b") is None
    assert difference(["a"], {"a": 1}) is None


def test_long_lists_are_folded() -> None:
    """Many names are counted, few are named."""
    assert folded(["a", "b", "c", "d", "e"]) == "a, b, c + 2"
    assert folded(["a", "b", "c", "d"]) == "a, b, c + 1"
    assert folded(["a", "b", "c"]) == "a, b, c"


def test_a_number_in_a_list_is_not_its_text() -> None:
    """Two lists that read alike differ where one has a number and the other the text of it."""
    assert difference([1], ["1"]) == Difference((), (), ("1",))
    assert difference(["1"], ["1"]) == Difference((), (), ())


def test_a_group_that_one_host_has_tells_what_somebody_set() -> None:
    """A pool is one entry that names what was set by hand, before what only stands there."""
    stock = {f"stock{number}": item(number, "/a") for number in range(5)}
    pool = {**stock, "typed": item(1, "/b", own=True)}
    common = {"cli": {"x": 1}, "fpm": {"x": 1}}
    sides = [entries({"www": pool, **common}) or {}, entries(common) or {}]
    side, _ = matched(sides, Kind.OTHER)
    assert side["", "www"].value == "typed 1, stock0 0, stock1 1, stock2 2, stock3 3, + 1"


def test_one_item_is_no_list() -> None:
    """A value with where it was set is a value, and has no entries of its own."""
    assert difference(item("On", "/etc/php.ini:1"), item("Off", "/etc/php.ini:1")) is None


def test_folders_are_matched_without_their_versions() -> None:
    """What stands below /etc/postgresql/15 on one host is compared with that of 17 on another."""
    one, other = (
        {
            f"/etc/postgresql/{version}/main/a.conf": {
                "data": f"'/var/lib/postgresql/{version}/main'",
                "port": "5432",
                "work_mem": memory,
            }
        }
        for version, memory in (("15", "4MB"), ("17", "64MB"))
    )
    both = one | {"/etc/other": {"a": "1"}}, other | {"/etc/other": {"a": "1"}}
    found = difference(*both)
    assert found is not None
    assert [name.rpartition(": ")[2] for name in found.names] == ["work_mem"]


def test_paths_are_matched_without_the_versions_of_folders() -> None:
    """A path is the same, whatever version its folder has; PHP's left-over ones are not."""
    path = "/etc/ImageMagick-{}/policy.xml"
    assert difference({path.format(6): "a"}, {path.format(7): "a"}) == Difference((), (), ())
    php = difference({"/etc/php/8.1/a": "a"}, {"/etc/php/8.4/a": "a"})
    assert php is not None
    assert len(php.names) == 2


def test_a_line_that_begins_with_is() -> None:
    """A file in which something is called `is` is a group like any other."""
    one, other = ({"/etc/a": {"is": item("x"), "b": item(value)}, "/etc/c": {}} for value in "12")
    assert difference(one, other) == Difference((), (), ("b",))
