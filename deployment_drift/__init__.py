"""Deployment drift: build servers, look at them, compare what was seen.

`from deployment_drift import Same` is all that a file of checks needs.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from deployment_drift.compare.comparison import Same

__all__ = ["Same", "entry", "outside_image"]

T = TypeVar("T")

# What makes `-p deployment_drift`, and the entry point of that name, pytest's plugin.
pytest_plugins = ["deployment_drift.compare.plugin", "deployment_drift.compare.same"]


def __getattr__(name: str) -> object:
    """Import what checks need when it is asked for: the commands start quickly."""
    if name != "Same":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from deployment_drift.compare.comparison import Same

    return Same


def entry(name: str) -> Callable[[T], T]:
    """Say of a check that it is one entry of a list's check, as `every_setting.memory_limit`."""
    return _noted("entry", name)


def outside_image(what: str) -> Callable[[T], T]:
    """Say of a check that it sees more than the image: kernel, CPU or environment."""
    return _noted("outside_image", what)


def _noted(name: str, value: str) -> Callable[[T], T]:
    """Write a note on a check; pytest, whose import takes long, makes a marker of it."""

    def note(check: T) -> T:
        vars(check)["drift_notes"] = {**notes(check), name: value}
        return check

    return note


def notes(check: object) -> Mapping[str, str]:
    """Return what is noted on a check, by the names of pytest's markers."""
    return getattr(check, "drift_notes", {})
