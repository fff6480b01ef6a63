"""What Ctrl-C, SIGTERM, SIGHUP and a closed terminal come to: one KeyboardInterrupt, soon."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

R = TypeVar("R")
SIGNALS = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
_IMPORTING = "<frozen importlib"
"""Whoever is stopped there may leave a lock taken, for which other threads wait without an end."""
_SOON = 0.005  # seconds until another look: an import is left very soon
first: list[Callable[[], None]] = []
"""What is called at once, before anything is unwound: it wakes the threads that wait for others."""
stopped = threading.Event()
"""Whether the command was stopped: then no thread begins to wait for others."""


@contextmanager
def heeded() -> Iterator[None]:
    """Let the first signal stop the block; those that follow must not stop the clearing up.

    A signal that whoever started us has us ignore, as nohup and `&` do, goes on being ignored.
    """
    stopped.clear()
    with _handled(_stop):
        yield


def _stop(number: int, frame: FrameType | None) -> None:
    if frame and frame.f_code.co_filename.startswith(_IMPORTING):
        main = threading.get_ident()  # the only thread that handles signals
        threading.Timer(_SOON, signal.pthread_kill, (main, number)).start()
    elif not stopped.is_set():
        stopped.set()
        for call in first:
            call()
        raise KeyboardInterrupt


def shielded(work: Callable[[], R]) -> R:
    """Return what `work` gives; a signal meanwhile is heeded only when it has ended.

    Signals are the main thread's to see: in another one, nothing has to be done.
    """
    noted: list[int] = []
    with _handled(lambda number, _: noted.append(number)):
        result = work()
    if noted:
        signal.raise_signal(noted[0])
    return result


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    ours = threading.current_thread() is threading.main_thread()
    heard = [each for each in SIGNALS if ours and signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, handler) for each in heard}
    try:
        yield
    finally:
        for each, handling in before.items():
            signal.signal(each, handling)
