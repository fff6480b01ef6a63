"""Compares whole inventories, as packages or settings, name by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from deployment_drift.records import JSON


@dataclass(frozen=True, slots=True)
class Difference:
    """Names that are only here, only there, and in both with another value; sorted."""

    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    different: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is not the same on both sides."""
        return (*self.only_here, *self.only_there, *self.different)


def difference(here: JSON, there: JSON) -> Difference | None:
    """Compare two inventories: objects by name and value, lists as sets; None for anything else."""
    if isinstance(here, list) and isinstance(there, list):
        here, there = _as_names(here), _as_names(there)
    if not isinstance(here, dict) or not isinstance(there, dict):
        return None
    return Difference(
        tuple(sorted(here.keys() - there.keys())),
        tuple(sorted(there.keys() - here.keys())),
        tuple(sorted(name for name in here.keys() & there.keys() if here[name] != there[name])),
    )


def _as_names(values: Sequence[JSON]) -> dict[str, JSON]:
    return {str(value): None for value in values}


def folded(names: Sequence[str], most: int = 3) -> str:
    """Return `a, b, c + 12`: the first names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" + {more}" if more > 0 else "")
