"""Exit states, and errors without a traceback."""

import errno
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from invoke import Collection, Result, Task, UnexpectedExit

from deployment_drift import cli, stopping
from deployment_drift.__main__ import complete
from deployment_drift.cli import Command, ends_with_status, message
from deployment_drift.errors import DriftError

pytestmark = pytest.mark.usefixtures("sound")


def test_status_becomes_the_exit_status() -> None:
    """A task's returned number is the command's exit status."""
    with pytest.raises(SystemExit) as raised:
        ends_with_status(lambda: 1)()
    assert raised.value.code == 1


def test_a_task_that_went_well_ends_nothing() -> None:
    """After a task that ends with 0, the next one on the line is played."""
    ends_with_status(lambda: 0)()


def test_error_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """A user's mistake is a sentence on standard error, and exit status 2."""

    def task() -> int:
        raise DriftError("no engine answers at tcp://x", hint="invoke doctor", detail="a\nb")

    assert ended(task) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Error: no engine answers at tcp://x\n  | a\n  | b\nNext: invoke doctor\n"


def test_what_nobody_foresaw_is_never_a_drift(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of the program ends with 2 and a sentence that names it: 1 would be an answer."""

    def task() -> int:
        raise KeyError("colour")

    assert ended(task) == 2
    assert capsys.readouterr().err.startswith(
        "Error: something unforeseen went wrong: KeyError: 'colour'\nNext: "
    )


@pytest.mark.parametrize(
    ("error", "told", "hint"),
    [
        (OSError(errno.EMFILE, "", "/a"), "Too many open files", "ulimit -n"),
        (OSError(errno.ENFILE, ""), "Too many open files in system", "sysctl"),
        (BlockingIOError(errno.EAGAIN, ""), "Resource temporarily unavailable", "ulimit -u"),
        (RuntimeError("can't start new thread"), "Resource temporarily unavailable", "ulimit -u"),
    ],
)
def test_what_a_user_may_not_have_more_of(error: Exception, told: str, hint: str) -> None:
    """Where files or processes are too few, it is said where to look, and not at a path."""
    assert cli.message(error).startswith(f"Error: {told}\nNext: {hint}")


@pytest.mark.parametrize("error", [DriftError("x"), KeyError("x")])
def test_debug_shows_the_traceback(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With DRIFT_DEBUG set, the traceback is shown, and the status stays 2."""
    monkeypatch.setenv("DRIFT_DEBUG", "1")

    def task() -> int:
        raise error

    assert ended(task) == 2
    assert "in task\n" in capsys.readouterr().err


def test_a_program_that_failed_unseen_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    """What a hidden program printed is told when it failed, all of it, with its status."""

    def task() -> int:
        told = "\n".join(map(str, range(1, 31)))
        raise UnexpectedExit(Result(stdout=told, exited=3, hide=("stdout", "stderr")))

    assert ended(task) == 3
    assert capsys.readouterr().err.split() == [str(number) for number in range(1, 31)]


def test_ctrl_c_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with the status that shells give, and with one calm sentence."""

    def task() -> int:
        raise KeyboardInterrupt

    assert ended(task) == 130
    assert "Stopped" in capsys.readouterr().err


def test_no_error_repeats_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    """Whichever part of an error has it: what happened, the detail, or what to type next."""
    address = "me:moonlight@registry.example/shop"

    def task() -> int:
        raise DriftError(f"{address} is no name", hint=f"type {address}", detail=address)

    assert ended(task) == 2
    assert "moonlight" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status"), [(OSError(5, "Input/output error"), 130), (DriftError("left"), 2)]
)
def test_what_goes_wrong_while_it_stops(
    error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed terminal stops a command as Ctrl-C does; what could not be cleared is told."""
    monkeypatch.setattr(stopping, "stopped", threading.Event())

    def task() -> int:
        stopping.stopped.set()
        raise error

    assert ended(task) == status


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["comapre"], "Error: No idea what 'comapre' is!\nNext: it --help\n"),
        (["fine", "--lokal"], "Error: No idea what '--lokal' is!\nNext: it --help fine\n"),
        (["fine", "--colour"], "Error: --colour needs a value\nNext: it --help fine\n"),
        (["asked"], "Error: 'asked' did not receive required positional arguments: 'name'\n"),
        (["--list", "nobody"], "Error: Sub-collection 'nobody' not found!\nNext: it --help\n"),
        (["--help", "comapre"], "Error: No idea what 'comapre' is!\nNext: it --help\n"),
    ],
)
def test_a_misspelt_command_is_never_a_drift(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is misspelt or missing on the command line ends with 2 and says where help is."""
    with pytest.raises(SystemExit) as raised:
        command().run(["it", *words])
    assert raised.value.code == 2
    assert capsys.readouterr().err.startswith(said)


def test_what_was_compiled_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start compiles nothing that an earlier start has compiled, which invoke would do."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    with pytest.raises(SystemExit):
        command().run(["it", "--help"])
    assert not sys.dont_write_bytecode


@pytest.mark.parametrize("words", [["--help"], ["fine", "--help"], ["--version"], []])
def test_help_ends_with_0(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Asking for help, or typing nothing else, is no mistake."""
    with pytest.raises(SystemExit) as raised:
        command().run(["it", *words])
    assert not raised.value.code
    assert "it" in capsys.readouterr().out.lower()


def command() -> Command:
    """Return a command line with two tasks."""
    fine = Task[Any](lambda _, colour="": colour, name="fine")
    asked = Task[Any](lambda _, name: name, name="asked")
    return Command("1", Collection(fine, asked), "It", "it")


def ended(task: Callable[[], int]) -> int | str | None:
    """Return the status with which the process of a task would end."""
    with pytest.raises(SystemExit) as raised:
        ends_with_status(task)()
    return raised.value.code


def test_details_cannot_draw_on_the_terminal() -> None:
    """What a failing program printed last is shown, not obeyed."""
    assert "\x1b" not in message(DriftError("a\x1b[2J", detail="b\x1b[2J"))


def test_what_is_not_installed_is_no_drift(capsys: pytest.CaptureFixture[str]) -> None:
    """An environment that lacks a library ends a command with 2, and says what to type."""
    with pytest.raises(SystemExit) as raised, complete("here", "pip install it"):
        import_module("deployment_drift.nothing_here")
    assert raised.value.code == 2
    assert capsys.readouterr().err.endswith(
        "'deployment_drift.nothing_here'\nNext: pip install it\n"
    )
