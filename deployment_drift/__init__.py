"""Deployment drift: build servers, look at them, compare what was seen.

`from deployment_drift import Same` is all that a file of checks needs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployment_drift.compare.same import Same

__all__ = ["Same"]

# What makes `-p deployment_drift`, and the entry point of that name, pytest's plugin.
pytest_plugins = ["deployment_drift.compare.plugin", "deployment_drift.compare.same"]


def __getattr__(name: str) -> object:
    """Import what checks need when it is asked for: the commands start without pytest."""
    if name != "Same":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from deployment_drift.compare.same import Same

    return Same
