"""What every command has in common: how it is read, how it ends, mistakes without a traceback."""

import errno
import functools
import inspect
import os
import re
import shlex
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ParamSpec

from invoke import Exit, ParseError, Program, UnexpectedExit

from deployment_drift import files, output, paths, stopping, venv
from deployment_drift.errors import DriftError
from deployment_drift.values import harmless, passwordless

Parameters = ParamSpec("Parameters")
NOT_PLAYED = 2
BROKEN_PIPE = 141  # as SIGPIPE would give
STOPPED = 130  # what shells give a program that Ctrl-C has ended
DEBUG = "DRIFT_DEBUG"
VALUELESS = re.compile(r"Flag <Argument: ([\w-]+).*")  # in invoke's words
LACKING = "required positional arguments"  # the same
BARE = (["snapshot"], ["exercise"])
"""Commands that say themselves what they do without the argument that invoke asks for."""
FULL = (errno.ENOSPC, errno.EDQUOT)
SCARCE = {
    errno.EMFILE: "ulimit -n says how many files may be open here; ulimit -n 1024 allows more",
    errno.ENFILE: "sysctl fs.file-nr says how many files this machine has open, and may have",
    errno.EAGAIN: "ulimit -u says how many processes and threads this user may have",
}
NO_THREAD = "can't start new thread"  # which has no number of its own


class Ended(SystemExit):
    """The end of the process, with a status that was decided here; any other is a fault."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


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
    step: bool = field(default=False, metadata={"help": "show one idea at a time, each on a key"})
    auto: str = field(
        default="",
        metadata={"help": "go from idea to idea without a key, after so many seconds at each"},
    )
    events: Annotated[str, files.EVENTS] = field(
        default="",
        metadata={"help": "write what happens into this file, one JSON object a line"},
    )


class Command(Program):
    """Invoke's program, but a mistake ends with 2, since 1 is a drift."""

    def run(self, argv: list[str] | None = None, exit: bool = True) -> None:  # noqa: A002, ARG002, FBT001, FBT002 -- invoke's signature
        """Do what a command line says, and leave the process where the status is not 0."""
        with ending(), stopping.heeded(), self._hinting():
            self.create_config()
            unwritten = sys.dont_write_bytecode
            self.parse_core(argv)
            sys.dont_write_bytecode = unwritten  # else all of ours is compiled at every start
            self._debug()
            self.parse_collection()
            self._parse()
            self._debug()  # which may stand behind a task, too
            self.update_config()
            self.execute()

    def _debug(self) -> None:
        if self.args.debug.value:
            os.environ[DEBUG] = "1"

    def _parse(self) -> None:
        words = self.core.unparsed
        if {"-h", "--help"} & set(words[1:]):  # which would be taken for the address
            self.args.help.value = words[0]
            words.clear()
        try:
            self._parse_tasks(words)
        except ValueError as error:  # of an option whose value has to be a number
            what = str(error).rpartition(":")[2].strip()
            raise DriftError(
                f"{what} is not a whole number", hint=f"{self.binary} --help"
            ) from None
        self.parse_cleanup()

    def _parse_tasks(self, words: list[str]) -> None:
        """Parse the words; what can do without its argument is given an empty one."""
        try:
            self.parse_tasks()
        except ParseError as error:
            if words[:1] not in BARE or LACKING not in str(error):
                raise
            words.append("")
            self.parse_tasks()

    @contextmanager
    def _hinting(self) -> Iterator[None]:
        """Say of what invoke refuses what to type instead."""
        try:
            yield
        except ParseError as error:
            what = VALUELESS.sub(r"--\1 needs a value", str(error))
            raise DriftError(what, hint=self._hint(error)) from None
        except Exit as error:
            if not error.message:
                raise
            raise DriftError(error.message, hint=f"{self.binary} --help") from None

    def _hint(self, error: ParseError) -> str:
        typed = shlex.join(self.core.unparsed) if "core" in vars(self) else ""
        if self.namespace and typed.startswith("demo-"):
            return f"the scenes need the repository's folders: ./invoke {typed} in a checkout"
        task = getattr(error.context, "name", None)
        return f"{self.binary} --help{f' {task}' if task else ''}"


def ends_with_status(task: Callable[Parameters, int]) -> Callable[Parameters, None]:
    """Turn the status that a task returns into the one that the process ends with."""

    @functools.wraps(task)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        with ending():
            _spare(task, kwargs)
            if status := task(*args, **kwargs):
                raise Exit(code=status)

    return run


def _spare(task: Callable[..., object], given: Mapping[str, object]) -> None:
    """Refuse to write over what a command reads, or over what no such option has written.

    given: the options' values by their names.
    """
    texts = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    for name, kind in written_by(task).items():
        if path := given.get(name):
            others = [each for other, value in texts.items() if other != name for each in value]
            files.require(Path(str(path)), kind, [*_named(others), Path(paths.PROJECT)])


def written_by(task: Callable[..., object]) -> dict[str, files.Kind]:
    """Return what a task's options write, by their names, as its annotations say."""
    return {
        name: kind
        for name, parameter in inspect.signature(task).parameters.items()
        for kind in getattr(parameter.annotation, "__metadata__", ())
        if isinstance(kind, files.Kind)
    }


def _named(values: Iterable[object]) -> Iterator[Path]:
    """Yield whatever in these values may be a file's name, also within an address's query."""
    for text in (each for each in values if isinstance(each, str) and each):
        yield Path(text)
        yield from (
            Path(part)
            for _, _, part in (each.partition("=") for each in re.split("[?&]", text))
            if part
        )


@contextmanager
def ending() -> Iterator[None]:
    """End the process with the right status and a sentence, whatever goes wrong inside."""
    try:
        output.open_streams()
        yield
        output.finish()
    except BaseException as error:  # noqa: BLE001 -- a fault of ours must not read as a drift
        raise Ended(_ended(error)) from None


def _ended(error: BaseException) -> int:
    """Say what has ended a command, and return the status to end with."""
    try:
        output.finish()
    except BrokenPipeError:
        return BROKEN_PIPE
    except DriftError as unwritten:
        error = error if isinstance(error, DriftError) else unwritten
    status, said = _read(error)
    output.say(said)
    return status


def _read(error: BaseException) -> tuple[int, str | None]:
    """Return the status and the sentence of what has ended a command."""
    if isinstance(error, Ended):
        return error.status, None
    if isinstance(error, Exit | UnexpectedExit):
        return _read_of_invoke(error)
    if isinstance(error, KeyboardInterrupt):
        return STOPPED, f"\nStopped; {str(error) or 'nothing is left running'}."
    if isinstance(error, BrokenPipeError) and output.is_unread():
        return BROKEN_PIPE, None
    debugged = "".join(traceback.format_exception(error)) if os.environ.get(DEBUG) else ""
    # what goes wrong because it was stopped, as writing to a terminal that is closed
    stopped = stopping.stopped.is_set() and not isinstance(error, DriftError)
    return STOPPED if stopped else NOT_PLAYED, debugged or message(error)


def _read_of_invoke(error: Exit | UnexpectedExit) -> tuple[int, str | None]:
    if isinstance(error, Exit):
        return NOT_PLAYED if error.message else error.code, error.message
    told = f"{error.result.stdout}{error.result.stderr}".rstrip()
    # a program that was seen has said why itself
    return error.result.exited, told if error.result.hide else None


def message(error: BaseException) -> str:
    """Return an error as people read it: what happened, the last lines, what to type next."""
    told = error if isinstance(error, DriftError) else _unforeseen(error)
    detail = "".join(f"  | {harmless(line)}\n" for line in told.detail.splitlines())
    hint = f"Next: {harmless(told.hint)}\n" if told.hint else ""
    return passwordless(f"Error: {harmless(told.what)}\n{detail}{hint}".rstrip("\n"))


def _unforeseen(error: BaseException) -> DriftError:
    """Return what is said of an error of which nobody thought."""
    number = errno.EAGAIN if str(error) == NO_THREAD else getattr(error, "errno", None)
    if number in SCARCE:
        return DriftError(os.strerror(number), hint=SCARCE[number])
    if isinstance(error, OSError) and error.filename is not None:
        place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        hint = "look at this path, and at HOME, TMPDIR and XDG_STATE_HOME if it is below them"
        return DriftError(f"{place}: {error.strerror}", hint=hint)
    if isinstance(error, OSError) and error.errno in FULL:
        return DriftError(f"{error.strerror} to write to", hint="df -h shows where")
    what = f"something unforeseen went wrong: {type(error).__name__}: {error}"
    if (found := venv.damage()) and venv.outdate():
        return DriftError(what, hint=f"the same again: {found} is damaged, .venv is made anew then")
    if found := venv.forget_compiled():
        return DriftError(what, hint=f"the same again: {found} was damaged, and is compiled anew")
    return DriftError(what, hint="the same with --debug, and report what it says")
