"""Takes the time of something that is done several times: the median, and the spread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of several runs."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """The run in the middle."""
        return median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """The quickest and the slowest run."""
        return min(self.seconds), max(self.seconds)


def once(work: Callable[[], object]) -> float:
    """Return the seconds that the work takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def repeat(work: Callable[[], object], times: int) -> Timing:
    """Do the work so many times, one after the other."""
    return Timing([once(work) for _ in range(times)])
