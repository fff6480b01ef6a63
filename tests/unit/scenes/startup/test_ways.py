"""What is read from /proc, and what was measured before."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drift.scenes import find
from drift.scenes.startup.ways import measured, resident, tell_timing
from drift.stage import Stage
from drift.timing import Timing

if TYPE_CHECKING:
    from drift.events import Event


def test_resident_memory_is_in_bytes() -> None:
    """The kernel tells kibibytes; a kernel thread holds nothing."""
    assert resident("Name:\tphp\nVmRSS:\t   28160 kB\nThreads:\t1\n") == 28160 * 1024
    assert resident("Name:\tkthreadd\n") == 0


def test_figures_are_taken_from_what_was_told(tmp_path: Path) -> None:
    """Statements are made of the figures that the audience saw, and of no others."""
    told: list[Event] = []
    with ExitStack() as running:
        stage = Stage(told.append, running, tmp_path, find("startup"))
        tell_timing(stage, "container", Timing([0.3, 0.2, 0.9]))
        assert measured(stage, "container", "answer") == 0.3
        with pytest.raises(KeyError):
            measured(stage, "hypervisor", "answer")
    assert len(told) == 1
