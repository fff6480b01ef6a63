"""The standard streams: what they cannot say is spelt out, and whoever reads them may go away."""

import codecs
import os
import select
import sys
from contextlib import suppress
from typing import IO

from deployment_drift.errors import DriftError

SIGNS = {"✗": "x", "✓": "=", "·": ".", "…": "...", "─": "-", "→": "->", "¥": "JPY "}
"""What stands for our own signs where an encoding lacks them; a `?` would say unknown."""
ESCAPED, SPELT = "deployment_drift.escaped", "deployment_drift.spelt"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Write what an encoding lacks as JSON does: `\u2717`."""
    return _each(error, {})


def _spelt(error: UnicodeError) -> tuple[str, int]:
    """Write our own signs by those which every encoding has, and all else as JSON does."""
    return _each(error, SIGNS)


def _each(error: UnicodeError, signs: dict[str, str]) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(signs.get(each) or _units(each) for each in lacking), error.end


def _units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


codecs.register_error(ESCAPED, _escaped)
codecs.register_error(SPELT, _spelt)


def open_streams() -> None:
    """Let every stream take whatever is said; one that was closed before the start is stood in."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 -- open to the end
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=SPELT)


def say(text: str | None) -> None:
    """Say something on standard error; where that is impossible, nobody can be told."""
    if text:
        try:
            print(text, file=sys.stderr, flush=True)
        except (OSError, ValueError):
            _silence(sys.stderr)


def print_json(text: str) -> None:
    """Print a document; in an encoding that lacks some of it, it stays JSON and loses nothing."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, ESCAPED).decode(encoding))


def finish() -> None:
    """Write what is still to be written.

    Raises BrokenPipeError where nobody reads on, DriftError where it cannot be written.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        what = f"standard output cannot be written: {error.strerror}"
        raise DriftError(what, hint="look at where it leads, and at the space there") from error


def is_unread() -> bool:
    """Whether nobody reads standard output any more, as behind `| head`."""
    with suppress(OSError, ValueError):
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    return False


def _silence(stream: IO[str]) -> None:
    """Send what is left to nobody; else Python tries, and complains, once more at its end."""
    with suppress(OSError, ValueError):
        nobody = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nobody, stream.fileno())
        os.close(nobody)
