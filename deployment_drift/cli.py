"""What every command has in common: how it is read, how it ends, mistakes without a traceback."""

import functools
import os
import shlex
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec

from invoke import Exit, ParseError, Program, UnexpectedExit

from deployment_drift.errors import DriftError
from deployment_drift.values import harmless

Parameters = ParamSpec("Parameters")
NOT_PLAYED = 2
BROKEN_PIPE = 141  # as SIGPIPE would give
STOPPED = 130  # what shells give a program that Ctrl-C has ended
DEBUG = "DRIFT_DEBUG"


@dataclass(frozen=True, slots=True)
class Telling:
    """How a scene is told: the options that every scene has."""

    lang: str = field(
        default="", metadata={"help": "language of what is said: en or ja (default: your locale's)"}
    )
    keep: bool = field(
        default=False, metadata={"help": "leave the servers running, and print their addresses"}
    )
    json: bool = field(
        default=False, metadata={"help": "print one JSON document instead of the story"}
    )
    full: bool = field(default=False, metadata={"help": "show every row of the table"})
    events: str = field(
        default="",
        metadata={"help": "write what happens into this file, one JSON object a line"},
    )


class Command(Program):
    """Invoke's program, but a mistake ends with 2, since 1 is a drift."""

    def run(self, argv: list[str] | None = None, exit: bool = True) -> None:  # noqa: A002, ARG002, FBT001, FBT002 -- invoke's signature
        """Do what a command line says, and leave the process where the status is not 0."""
        # who stops a job does so by SIGTERM: it is cleared up behind as behind Ctrl-C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with ending():
            self.create_config()
            unwritten = sys.dont_write_bytecode
            self.parse_core(argv)
            sys.dont_write_bytecode = unwritten  # else all of ours is compiled at every start
            if self.args.debug.value:
                os.environ[DEBUG] = "1"
            self.parse_collection()
            self._parse()
            self.update_config()
            self.execute()

    def _parse(self) -> None:
        words = self.core.unparsed
        if words[:1] == ["snapshot"] and "--script" in words:
            words.append("")  # an address, which invoke asks for, but a script has none
        if {"-h", "--help"} & set(words[1:]):  # which would be taken for the address
            self.args.help.value = words[0]
            words.clear()
        try:
            self.parse_tasks()
            self.parse_cleanup()
        except ParseError as error:
            raise DriftError(str(error), hint=self._hint(error)) from None

    def _hint(self, error: ParseError) -> str:
        typed = shlex.join(self.core.unparsed)
        if self.namespace and typed.startswith("demo-"):
            return f"the scenes need the repository's folders: ./invoke {typed} in a checkout"
        task = getattr(error.context, "name", None)
        return f"{self.binary} --help{f' {task}' if task else ''}"


def ends_with_status(task: Callable[Parameters, int]) -> Callable[Parameters, None]:
    """Turn the status that a task returns into the one that the process ends with."""

    @functools.wraps(task)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        with ending():
            if status := task(*args, **kwargs):
                raise Exit(code=status)

    return run


@contextmanager
def ending() -> Iterator[None]:
    """End the process with the right status and a sentence, whatever goes wrong inside."""
    try:
        _open_streams()
        yield
        sys.stdout.flush()
    except BrokenPipeError:  # as with `| head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(BROKEN_PIPE) from None
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.", file=sys.stderr)
        raise SystemExit(STOPPED) from None
    except UnexpectedExit as error:
        if error.result.hide:  # else its program has said why itself
            _say(f"{error.result.stdout}{error.result.stderr}".rstrip())
        raise SystemExit(error.result.exited) from None
    except Exit as done:
        _say(done.message)
        raise SystemExit(NOT_PLAYED if done.message else done.code) from None
    except Exception as error:  # noqa: BLE001 -- a fault of ours must not read as a drift
        _say(traceback.format_exc() if os.environ.get(DEBUG) else message(error))
        raise SystemExit(NOT_PLAYED) from None


def _open_streams() -> None:
    """Stand in for a standard stream that was closed before the start."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 -- open to the end


def _say(text: str | None) -> None:
    if text:
        print(text, file=sys.stderr)


def message(error: Exception) -> str:
    """Return an error as people read it: what happened, the last lines, what to type next."""
    if not isinstance(error, DriftError):
        what = f"something unforeseen went wrong: {type(error).__name__}: {error}"
        error = DriftError(what, hint=f"the same with {DEBUG}=1 before it, and report what it says")
    detail = "".join(f"  | {harmless(line)}\n" for line in error.detail.splitlines())
    hint = f"Next: {error.hint}\n" if error.hint else ""
    return f"Error: {harmless(error.what)}\n{detail}{hint}".rstrip("\n")
