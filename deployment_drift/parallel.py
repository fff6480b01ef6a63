"""Does several things side by side, and ends them all when one fails or the user interrupts."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class CancelledError(Exception):
    """The work was ended because other work failed or the user interrupted."""


class Cancel:
    """A wish to end, shared by what runs side by side; hooks wake those who wait."""

    def __init__(self) -> None:
        self._wished = threading.Event()
        self._hooks: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Tell whether the end is wished for."""
        return self._wished.is_set()

    def wish(self) -> None:
        """Ask everybody to end."""
        with self._lock:
            self._wished.set()
            for hook in self._hooks:
                with suppress(Exception):  # whoever has just ended by itself
                    hook()

    def pause(self, seconds: float) -> None:
        """Wait a while, shorter if the end is wished for meanwhile; raise CancelledError then."""
        if self._wished.wait(seconds):
            raise CancelledError

    def check(self) -> None:
        """Raise CancelledError if the end is wished for."""
        self.pause(0)

    @contextmanager
    def calling(self, hook: Callable[[], None]) -> Iterator[None]:
        """Call the hook once if the end is wished for before the block is left."""
        with self._lock:
            self._hooks.append(hook)
        try:
            if self:
                with suppress(Exception):
                    hook()
            yield
        finally:
            with self._lock:
                self._hooks.remove(hook)


def each(work: Callable[[T, Cancel], R], items: Sequence[T]) -> list[R]:
    """Return what `work` gives for each item, in order; all run at the same time.

    The first failure cancels the others, and is raised when all have ended.
    """
    cancel = Cancel()
    with ThreadPoolExecutor(max(len(items), 1)) as pool:
        try:
            futures = [pool.submit(work, item, cancel) for item in items]
            ended = wait(futures, return_when=FIRST_EXCEPTION).done
        except BaseException:
            cancel.wish()
            raise
        if any(future.exception() for future in ended):
            cancel.wish()
    _raise_first(futures)
    return [future.result() for future in futures]


def _raise_first(futures: Sequence[Future[R]]) -> None:
    errors = [error for future in futures if (error := future.exception())]
    errors.sort(key=lambda error: isinstance(error, CancelledError))
    if errors:
        raise errors[0]


def serial(emit: Callable[[str, str], None]) -> Callable[[str, str], None]:
    """Return the same callable, called by one thread at a time."""
    lock = threading.Lock()

    def one_at_a_time(name: str, line: str) -> None:
        with lock:
            emit(name, line)

    return one_at_a_time
