"""Waiting: one way for everything that takes its time."""

import time

import pytest

from deployment_drift.parallel import Cancel, CancelledError
from deployment_drift.waiting import until


def test_first_true_look_is_the_answer() -> None:
    """It is looked again and again until the look is true, and that look is what is returned."""
    looks = iter(["", "", "here", "later"])
    assert until(lambda: next(looks), limit=5, pause=0, late=AssertionError) == "here"
    assert next(looks) == "later"


def test_late_is_an_error_of_the_callers() -> None:
    """After the limit the caller's error is raised, made only then."""
    begin = time.monotonic()
    with pytest.raises(LookupError, match="nobody came"):
        until(lambda: False, limit=0.05, pause=0.01, late=lambda: LookupError("nobody came"))
    assert 0.05 <= time.monotonic() - begin < 2


def test_without_an_error_late_is_false() -> None:
    """Who says nothing about being late gets the last look, which is false."""
    assert until(lambda: 0, limit=0, pause=0) == 0


def test_what_is_there_is_seen_without_any_time() -> None:
    """A limit that has passed before the first look does not keep it from being taken."""
    assert until(lambda: "there", limit=-1, pause=0, late=AssertionError) == "there"


def test_wish_to_end_ends_a_long_pause() -> None:
    """Who waits in a pause of a minute is woken when the end is wished for."""
    cancel, begin = Cancel(), time.monotonic()

    def look() -> bool:
        cancel.wish()
        return False

    with pytest.raises(CancelledError):
        until(look, limit=60, pause=60, cancel=cancel)
    assert time.monotonic() - begin < 5
