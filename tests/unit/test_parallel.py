import os
import signal
import threading
import time

import pytest

from deployment_drift import parallel
from deployment_drift.parallel import Cancel, CancelledError


def test_results_keep_the_order() -> None:
    """What ends last may stand first: results are in the order of the items."""

    def work(seconds: float, _: Cancel) -> float:
        time.sleep(seconds)
        return seconds

    assert parallel.each(work, [0.05, 0.0]) == [0.05, 0.0]
    assert parallel.each(work, []) == []


def test_first_failure_cancels_the_others() -> None:
    """When one fails the others are asked to end, and the failure is what is raised."""
    ended: list[str] = []

    def work(name: str, cancel: Cancel) -> None:
        if name == "bad":
            raise ValueError(name)
        try:
            cancel.pause(10)
        except CancelledError:
            ended.append(name)
            raise

    with pytest.raises(ValueError, match="bad"):
        parallel.each(work, ["good", "bad", "other"])
    assert sorted(ended) == ["good", "other"]


def test_hooks_wake_who_waits() -> None:
    """A hook is called when the end is wished for, at once if it has been, never afterwards."""
    cancel, called = Cancel(), []
    with cancel.calling(lambda: called.append("left")):
        pass
    with cancel.calling(lambda: called.append("inside")):
        cancel.wish()
    with cancel.calling(lambda: called.append("late")):
        pass
    assert called == ["inside", "late"]
    with pytest.raises(CancelledError):
        cancel.check()


def test_interrupt_ends_all() -> None:
    """Ctrl-C ends what runs side by side, and is raised when all of it has ended."""
    ended = threading.Event()

    def work(_: int, cancel: Cancel) -> None:
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)
        try:
            cancel.pause(10)
        finally:
            ended.set()

    with pytest.raises(KeyboardInterrupt):
        parallel.each(work, [1])
    assert ended.is_set()


def test_serial_calls_do_not_overlap() -> None:
    """A listener is called by one thread at a time."""
    inside, most = [0], [0]

    def listen(_name: str, _line: str) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.005)
        inside[0] -= 1

    emit = parallel.serial(listen)
    parallel.each(lambda number, _: emit("x", str(number)), list(range(8)))
    assert most == [1]
