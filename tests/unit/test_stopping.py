"""What signals come to."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from deployment_drift import stopping


def test_shielded_work_is_finished_before_an_interrupt() -> None:
    """Ctrl-C during shielded work is raised after the work is done."""
    done: list[str] = []

    def work() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
        done.append("done")

    with pytest.raises(KeyboardInterrupt):
        stopping.shielded(work)
    assert done == ["done"]
    assert stopping.shielded(lambda: 7) == 7


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Give what is called at once when a signal comes; afterwards nothing is stopped."""
    called: list[str] = []
    monkeypatch.setattr(stopping, "first", [lambda: called.append("woken")])
    yield called
    stopping.stopped.clear()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_and_the_next_do_not(sent: signal.Signals, woken: list[str]) -> None:
    """Whichever signal comes first is a Ctrl-C; an impatient second one spoils no clearing up."""
    cleared: list[str] = []

    def play() -> None:
        try:
            signal.raise_signal(sent)
        finally:
            for each in stopping.SIGNALS:
                signal.raise_signal(each)
            cleared.append("all")

    with pytest.raises(KeyboardInterrupt), stopping.heeded():
        play()
    assert (woken, cleared) == (["woken"], ["all"])


@pytest.mark.usefixtures("woken")
def test_no_lock_of_an_import_is_left_taken() -> None:
    """A signal waits until Python's own code for imports has gone on: it takes and gives locks."""
    text = "def take(lock):\n lock.append(send())\n lock.clear()"
    importing: dict[str, Any] = {"send": partial(signal.raise_signal, signal.SIGINT)}
    exec(compile(text, "<frozen importlib._bootstrap>", "exec"), importing)  # noqa: S102
    lock: list[object] = ["not taken yet"]

    def play() -> None:
        importing["take"](lock)
        time.sleep(10)

    with pytest.raises(KeyboardInterrupt), stopping.heeded():
        play()
    assert lock == []


def test_what_was_ignored_stays_ignored() -> None:
    """Whoever starts a command with nohup wants it to go on when the terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping.heeded():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not stopping.stopped.is_set()


def test_handlers_are_put_back() -> None:
    """After a command, signals do what they did before."""
    before = [signal.getsignal(each) for each in stopping.SIGNALS]
    with stopping.heeded():
        assert [signal.getsignal(each) for each in stopping.SIGNALS] != before
    assert [signal.getsignal(each) for each in stopping.SIGNALS] == before
