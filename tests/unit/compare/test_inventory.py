"""Whole inventories, compared name by name."""

from deployment_drift.compare.inventory import Difference, difference, folded


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
