"""The speaker's keys: those of a terminal, a presenter's remote, or nobody's, after a while."""

import os
import re
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from deployment_drift.errors import DriftError
from deployment_drift.parallel import Cancel

NEXT, BACK, SHELL, COMMANDS, HELP, LEAVE = "next", "back", "s", "c", "?", "q"
RECORDED = "r"
"""What is offered where a step has failed."""
KEYS: Mapping[str, str] = {
    "\r": NEXT,
    "\n": NEXT,
    " ": NEXT,
    "\x1b[6~": NEXT,  # Page Down, which a presenter's remote sends
    "\x1b[C": NEXT,
    "\x1b[5~": BACK,  # Page Up
    "\x1b[D": BACK,
    "b": BACK,
}
PRESSED = re.compile(r"\x1b\[[0-9;]*[~A-Za-z]|\x1b?.", re.DOTALL)
MOST = 1024  # bytes that are read at once


class Keys(Protocol):
    """Where the speaker's wishes come from."""

    def read(self, limit: float | None = None) -> str:
        """Return the next key by its name or letter, "" where none came within `limit` seconds."""

    def forget(self) -> None:
        """Forget what was pressed while nobody asked for it."""

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Leave the terminal to another program for a while."""


class Keyboard:
    """The keys of the terminal. `pace`: the seconds after which it goes on without one."""

    def __init__(self, pace: float | None = None) -> None:
        self._pace = pace
        self._pressed: list[str] = []

    def read(self, limit: float | None = None) -> str:
        """Return the next key; where the talk has a pace, that of whoever presses none is next."""
        if not self._pressed:
            wait = self._pace if limit is None else limit
            ready, _, _ = select.select([sys.stdin], [], [], wait)
            if not ready:
                return NEXT if limit is None else ""
            self._pressed = PRESSED.findall(self._typed())
        key = self._pressed.pop(0)
        return KEYS.get(key, key)

    def forget(self) -> None:
        """Forget what an impatient speaker pressed during a step: it would skip what comes."""
        import termios

        self._pressed.clear()
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)

    def _typed(self) -> str:
        """Return what was typed; a terminal that is gone ends the talk."""
        typed = os.read(sys.stdin.fileno(), MOST)
        return typed.decode(errors="replace") if typed else LEAVE

    @contextmanager
    def opened(self) -> Iterator["Keyboard"]:
        """Take each key as it is pressed, without showing it, until the block ends."""
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor)
            yield self
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Give the terminal to another program as it was."""
        import termios

        descriptor = sys.stdin.fileno()
        ours = termios.tcgetattr(descriptor)
        lines = [*ours]
        lines[3] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(descriptor, termios.TCSADRAIN, lines)
        try:
            yield
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, ours)


class Clock:
    """Nobody's keys: after some seconds it goes on."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def read(self, limit: float | None = None) -> str:
        """Return "next" when the time has passed."""
        Cancel().pause(self._seconds if limit is None else limit)
        return NEXT if limit is None else ""

    def forget(self) -> None:
        """Forget nothing: nobody presses a key."""

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend nothing: there is no terminal."""
        yield


@contextmanager
def keys(auto: str = "") -> Iterator[Keys]:
    """Yield whose keys lead the talk. `auto`: the seconds after which it goes on by itself.

    Raises DriftError where there is neither a terminal nor a time.
    """
    pace = number("--auto", auto) if auto else None
    if sys.stdin.isatty() and sys.stdout.isatty():
        with Keyboard(pace).opened() as keyboard:
            yield keyboard
    elif pace is None:
        raise DriftError("there is no terminal to press a key on", hint="--auto SECONDS")
    else:
        yield Clock(pace)


def number(option: str, typed: str) -> float:
    """Return the number that was typed for an option.

    Raises DriftError where it is none, or less than 0.
    """
    try:
        value = float(typed)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise DriftError(f"{option} {typed}: not a number of 0 or more", hint=f"{option} 5")
    return value
