"""Waiting: one way for everything that takes its time."""

import time

import pytest

from deployment_drift import waiting
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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the time, in seconds, which goes on by one each time somebody looks at it."""
    now = [0.0]

    def tick() -> float:
        now[0] += 1
        return now[0]

    monkeypatch.setattr(waiting, "monotonic", tick)
    return now


def test_what_goes_on_is_given_more_time(clock: list[float]) -> None:
    """Slowness is no failure: as long as something changes within the grace, it is not late."""
    patience = waiting.Patience(10, lambda: clock[0] // 5, grace=8)
    assert until(lambda: clock[0] > 40, limit=patience, pause=0, late=AssertionError)


@pytest.mark.parametrize("seen", [7, None])
def test_what_stands_still_is_late(clock: list[float], seen: int | None) -> None:
    """What does not change any more has had its time, and so has what knows nothing of itself."""
    assert not until(lambda: 0, limit=waiting.Patience(10, lambda: seen, grace=8), pause=0)
    assert clock[0] < 25


def test_even_what_goes_on_is_late_in_the_end(clock: list[float]) -> None:
    """What goes round in circles for five limits is late."""
    assert not until(lambda: 0, limit=waiting.Patience(10, lambda: clock[0], grace=8), pause=0)
    assert 50 <= clock[0] < 60


def test_wish_to_end_ends_a_long_pause() -> None:
    """Who waits in a pause of a minute is woken when the end is wished for."""
    cancel, begin = Cancel(), time.monotonic()

    def look() -> bool:
        cancel.wish()
        return False

    with pytest.raises(CancelledError):
        until(look, limit=60, pause=60, cancel=cancel)
    assert time.monotonic() - begin < 5
