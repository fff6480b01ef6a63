"""Pairs of servers rebuilt from public reports: the cause is named, and equal ones are equal."""

from collections.abc import Callable

import pytest

from tests.cases.conftest import Changes, Compare
from tests.cases.screen import DIFFERS, above, rows
from tests.cases.servers import Case

pytestmark = pytest.mark.engine
Say = Callable[[str], None]


def test_cause_is_named(
    case: Case, addresses: dict[str, str], compare: Compare, changes: Changes, say: Say
) -> None:
    """The first screen shows each cause in a row that differs; no server is changed by asking.

    Few other rows stand above a cause. Files, logs and processes are the same afterwards.
    """
    sides = addresses["local"], addresses["release"]
    with changes(sides) as changed:
        status, screen = compare(*sides)
    assert changed == set()
    places = above(rows(screen), case.culprits)
    differ = sum(row.mark == DIFFERS for row in rows(screen))
    told = ", ".join(f"{pattern}: {place} above" for pattern, place in places.items())
    say(f"{told or 'nothing differs'}, exit {status}, {differ} rows on the screen")
    assert status == bool(case.culprits), screen
    assert bool(differ) == bool(case.culprits), screen
    worst = [99 if place is None else place for place in places.values()]
    assert all(place <= case.most_above for place in worst), f"{places}\n{screen}"


def test_equal_servers_are_equal(addresses: dict[str, str], compare: Compare, say: Say) -> None:
    """A server and a second container of the same image are parity: no row differs."""
    status, screen = compare(addresses["local"], addresses["again"])
    differ = [row for row in rows(screen) if row.mark == DIFFERS]
    say(f"against itself: exit {status}, {len(differ)} rows")
    assert not differ, screen
    assert status == 0, screen
