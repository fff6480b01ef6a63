"""Waits for what others do: looks again and again, with a limit and a word for when it is late."""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar, overload

from deployment_drift.parallel import Cancel

T = TypeVar("T")


@overload
def until(
    look: Callable[[], T | None],
    *,
    limit: float,
    pause: float,
    late: Callable[[], Exception],
    cancel: Cancel | None = None,
) -> T: ...


@overload
def until(
    look: Callable[[], T | None],
    *,
    limit: float,
    pause: float,
    late: None = None,
    cancel: Cancel | None = None,
) -> T | None: ...


def until(
    look: Callable[[], T | None],
    *,
    limit: float,
    pause: float,
    late: Callable[[], Exception] | None = None,
    cancel: Cancel | None = None,
) -> T | None:
    """Return what `look` gives, as soon as that is true; it is called at least once.

    limit: the seconds after which it is too late; pause: those between two looks.
    late: gives the error that is raised then; without it the last look, which is false, is
        returned. What `look` raises ends the waiting, too.
    Raises CancelledError as soon as the end is wished for.
    """
    end = monotonic() + limit
    wish = Cancel() if cancel is None else cancel  # one that is not wished for is false
    while not (found := look()):
        if monotonic() >= end:
            if late:
                raise late()
            break
        wish.pause(pause)
    return found
