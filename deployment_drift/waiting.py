"""Waits for what others do: looks again and again, with a limit and a word for when it is late."""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar, overload

from deployment_drift.parallel import Cancel

T = TypeVar("T")
LONGEST = 5
"""How often its limit something may take that goes on."""
PATIENCE = 10.0
"""Seconds until a host answers, and for each of its programs, unless its address says otherwise."""
PATIENT = 60.0
"""The same for hosts that we have just started: where one is slow, this computer is."""


class Patience:
    """The time that something has, which grows while it goes on: slowness is no failure.

    limit: the seconds after which it is looked whether it goes on. progress: gives what changes
    as long as it does. grace: the seconds within which it has to change. In the end, after five
    limits, it is late all the same.
    """

    def __init__(
        self, limit: float, progress: Callable[[], object] | None = None, grace: float = 15.0
    ) -> None:
        self._end = monotonic() + limit
        self._last = self._end + (LONGEST - 1) * limit
        self._progress, self._grace = progress, grace
        self._seen: object = None

    def is_over(self) -> bool:
        """Tell whether the time is over; this is what looks for progress."""
        now = monotonic()
        if now < self._end:
            return False
        seen = self._progress() if self._progress else None
        if seen == self._seen or now >= self._last:
            return True
        self._seen, self._end = seen, now + self._grace
        return False


@overload
def until(
    look: Callable[[], T | None],
    *,
    limit: float | Patience,
    pause: float,
    late: Callable[[], Exception],
    cancel: Cancel | None = None,
) -> T: ...


@overload
def until(
    look: Callable[[], T | None],
    *,
    limit: float | Patience,
    pause: float,
    late: None = None,
    cancel: Cancel | None = None,
) -> T | None: ...


def until(
    look: Callable[[], T | None],
    *,
    limit: float | Patience,
    pause: float,
    late: Callable[[], Exception] | None = None,
    cancel: Cancel | None = None,
) -> T | None:
    """Return what `look` gives, as soon as that is true; it is called at least once.

    limit: the seconds after which it is too late, or a Patience with what goes on; pause: the
        seconds between two looks.
    late: gives the error that is raised then; without it the last look, which is false, is
        returned. What `look` raises ends the waiting, too.
    Raises CancelledError as soon as the end is wished for.
    """
    patience = limit if isinstance(limit, Patience) else Patience(limit)
    wish = Cancel() if cancel is None else cancel  # one that is not wished for is false
    while not (found := look()):
        if patience.is_over():
            if late:
                raise late()
            break
        wish.pause(pause)
    return found
