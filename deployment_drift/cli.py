"""What every task has in common: exit states, and errors without a traceback."""

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

from invoke import Exit

from deployment_drift.errors import DriftError
from deployment_drift.values import harmless

Parameters = ParamSpec("Parameters")
NOT_PLAYED = 2
BROKEN_PIPE = 141  # as SIGPIPE would give
STOPPED = 130  # what shells give a program that Ctrl-C has ended


def guarded(task: Callable[Parameters, int]) -> Callable[Parameters, None]:
    """Turn a task's returned status into invoke's exit, and an error into what to do about it."""

    @functools.wraps(task)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            status = task(*args, **kwargs)
        except DriftError as error:
            if os.environ.get("DRIFT_DEBUG"):
                raise
            print(message(error), file=sys.stderr)
            raise Exit(code=NOT_PLAYED) from None
        except KeyboardInterrupt:
            print("\nStopped; nothing is left running.", file=sys.stderr)
            raise Exit(code=STOPPED) from None
        except BrokenPipeError:  # as with `| head`: nobody reads on
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise Exit(code=BROKEN_PIPE) from None
        raise Exit(code=status)

    return run


def message(error: DriftError) -> str:
    """Return an error as people read it: what happened, the last lines, what to type next."""
    detail = "".join(f"  | {harmless(line)}\n" for line in error.detail.splitlines())
    hint = f"Next: {error.hint}\n" if error.hint else ""
    return f"Error: {harmless(error.what)}\n{detail}{hint}".rstrip("\n")
