"""The speaker's keys, on a terminal of their own."""

import os
import pty
import termios
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.stage import keys as module
from deployment_drift.stage.keys import BACK, NEXT, Clock, Keyboard, keys, number


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Give the end of a terminal at which the speaker types; the program has the other."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, closefd=False) as stdin:
        monkeypatch.setattr(module, "sys", SimpleNamespace(stdin=stdin, stdout=stdin))
        yield ours
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (b"\n", [NEXT]),
        (b" ", [NEXT]),
        (b"\x1b[6~", [NEXT]),
        (b"\x1b[5~", [BACK]),
        (b"b", [BACK]),
        (b"b12\x1b[6~?", [BACK, "1", "2", NEXT, "?"]),
        (b"\x1b[1;5Pq", ["\x1b[1;5P", "q"]),  # what nobody knows is one key, too
    ],
)
def test_keys_have_names(speaker: int, typed: bytes, read: list[str]) -> None:
    """Enter, space and a presenter's Page Down lead on, `b` and Page Up back."""
    with keys() as keyboard:
        os.write(speaker, typed)
        assert [keyboard.read() for _ in read] == read


def test_terminal_is_as_before(speaker: int) -> None:
    """Keys come at once and are not shown; a shell, and whoever comes after, gets lines."""

    def modes() -> int:
        flags: int = termios.tcgetattr(speaker)[3] & (termios.ICANON | termios.ECHO)
        return flags

    before = modes()
    with keys() as keyboard:
        assert modes() == 0
        with keyboard.lent():
            assert modes() == before
        assert modes() == 0
    assert modes() == before


def test_impatience_is_forgotten(speaker: int) -> None:
    """What was pressed while a step ran skips nothing."""
    with keys() as keyboard:
        os.write(speaker, b"b\n\n")
        assert keyboard.read() == BACK
        keyboard.forget()
        assert keyboard.read(0) == ""


def test_talk_goes_on_by_itself(speaker: int) -> None:
    """With a pace, nobody has to press a key, and who does leads on before."""
    with keys("0") as keyboard:
        assert keyboard.read() == NEXT
        os.write(speaker, b"b")
        assert keyboard.read(1) == BACK
    assert Keyboard(0).read(0) == ""


def test_terminal_that_is_gone_ends_the_talk(speaker: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed terminal is nobody who waits."""
    with keys() as keyboard:
        os.write(speaker, b"x")
        monkeypatch.setattr(os, "read", lambda *_: b"")
        assert keyboard.read() == "q"


def test_without_a_terminal_a_pace_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no key can be pressed, the talk plays by itself or says why not."""
    with open(os.devnull, encoding="ascii") as nothing:  # noqa: PTH123 -- no path
        streams = SimpleNamespace(stdin=nothing, stdout=nothing)
        monkeypatch.setattr(module, "sys", streams)
        with keys("0") as clock:
            assert isinstance(clock, Clock)
            assert (clock.read(), clock.read(0)) == (NEXT, "")
        with pytest.raises(DriftError, match="no terminal"), keys():
            pass


@pytest.mark.parametrize("auto", ["x", "-1", "inf", "nan"])
def test_pace_is_a_number(auto: str) -> None:
    """What is no number of seconds is refused by its name."""
    assert number("--auto", "2.5") == 2.5
    with pytest.raises(DriftError, match=f"--auto {auto}"):
        number("--auto", auto)
