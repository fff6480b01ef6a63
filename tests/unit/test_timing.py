"""Several runs: the one in the middle, and the spread."""

from deployment_drift.timing import Timing, once, repeat


def test_median_and_spread() -> None:
    """One slow run moves the spread, not the median."""
    timing = Timing([0.2, 9.0, 0.1])
    assert timing.median == 0.2
    assert timing.spread == (0.1, 9.0)


def test_work_is_repeated() -> None:
    """The work is done as often as it is timed."""
    done: list[int] = []
    assert len(repeat(lambda: done.append(1), 3).seconds) == len(done) == 3
    assert once(lambda: None) >= 0
