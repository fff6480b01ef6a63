"""What is read from /proc, and what is handed on."""

from pathlib import Path

from deployment_drift.events import Event, Measured
from deployment_drift.run import Run
from deployment_drift.scenes import find
from deployment_drift.scenes.startup.starts import (
    Figures,
    Timing,
    once,
    repeat,
    resident,
    tell_timing,
)


def test_resident_memory_is_in_bytes() -> None:
    """The kernel tells kibibytes; a kernel thread holds nothing."""
    assert resident("Name:\tphp\nVmRSS:\t   28160 kB\nThreads:\t1\n") == 28160 * 1024
    assert resident("Name:\tkthreadd\n") == 0


def test_figures_are_handed_over_as_they_were_told(tmp_path: Path) -> None:
    """Statements are made of the figures that the audience saw, and of no others."""
    told: list[Event] = []
    run = Run(find("startup"), tmp_path, [told.append])
    tell_timing(run, "container", Timing([0.3, 0.2, 0.9]))
    assert run.handed(Figures).answers == {"container": 0.3}
    assert told == [Measured("container", "answer", 0.3, "s", 0.2, 0.9)]


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
