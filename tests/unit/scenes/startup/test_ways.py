"""What is read from /proc, and what was measured before."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployment_drift.run import Run
from deployment_drift.scenes import find
from deployment_drift.scenes.startup.ways import measured, resident, tell_timing
from deployment_drift.timing import Timing

if TYPE_CHECKING:
    from deployment_drift.events import Event


def test_resident_memory_is_in_bytes() -> None:
    """The kernel tells kibibytes; a kernel thread holds nothing."""
    assert resident("Name:\tphp\nVmRSS:\t   28160 kB\nThreads:\t1\n") == 28160 * 1024
    assert resident("Name:\tkthreadd\n") == 0


def test_figures_are_taken_from_what_was_told(tmp_path: Path) -> None:
    """Statements are made of the figures that the audience saw, and of no others."""
    told: list[Event] = []
    with ExitStack() as running:
        run = Run(told.append, running, tmp_path, find("startup"))
        tell_timing(run, "container", Timing([0.3, 0.2, 0.9]))
        assert measured(run, "container", "answer") == 0.3
        with pytest.raises(KeyError):
            measured(run, "hypervisor", "answer")
    assert len(told) == 1
