"""Whole inventories, compared name by name."""

from deployment_drift.compare.inventory import Difference, difference, folded
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


def test_one_item_is_no_list() -> None:
    """A value with where it was set is a value, and has no entries of its own."""
    assert difference(item("On", "/etc/php.ini:1"), item("Off", "/etc/php.ini:1")) is None
