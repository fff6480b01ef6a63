"""What a target was told, against what it says now."""

from dataclasses import replace

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.ship.told import Running, drift, read_back, written
from tests.unit.ship.test_container import RELEASE


def test_a_label_is_read_back() -> None:
    """What is kept on a target is the whole release."""
    assert read_back(written(RELEASE), "there") == RELEASE


@pytest.mark.parametrize("label", [None, "", "{}", "[]", "moon", '{"image": 1}'])
def test_what_is_not_ours_is_an_error(label: str | None) -> None:
    """Without a release in its label, nothing says what something should be."""
    with pytest.raises(DriftError, match="there was not released"):
        read_back(label, "there")


def test_no_change_is_no_drift() -> None:
    """What runs as it was told has no drift."""
    assert drift(Running(RELEASE, RELEASE)) == []


def test_changes_are_named_without_values_of_variables() -> None:
    """Each change is a line; a variable's value may be a secret, and is not in it."""
    changed = {"SHOP_STAGE": "moonlight", "NEW": "moonlight"}
    found = replace(RELEASE, memory=600, env=changed, user=0)
    assert drift(Running(RELEASE, found)) == [
        "user: told 33, now 0",
        "memory: told 256, now 600",
        "variable NEW: added",
        "variable SHOP_STAGE: another value",
    ]
    assert drift(Running(RELEASE, replace(RELEASE, env={}))) == ["variable SHOP_STAGE: gone"]
