"""Writes every event as one JSON object a line, while it happens."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from re import sub
from time import perf_counter
from typing import TextIO

from deployment_drift.errors import DriftError
from deployment_drift.events import Event, Listener


class Lines:
    """A listener that writes into a file; whoever reads along sees each line at once."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.begin = perf_counter()

    def __call__(self, event: Event) -> None:
        """Write one event: at how many seconds since the start, its kind, and what is in it."""
        content = {
            "at": round(perf_counter() - self.begin, 3),
            "event": kind(event),
            **asdict(event),
        }
        self.file.write(f"{json.dumps(content, default=str)}\n")
        self.file.flush()


def kind(event: Event) -> str:
    """Return what a kind of event is called: `step_started`."""
    return sub(r"(?<=.)(?=[A-Z])", "_", type(event).__name__).lower()


@contextmanager
def written(path: str) -> Iterator[list[Listener]]:
    """Yield the listener that writes into this file, none without a path.

    Raises DriftError when the file cannot be written.
    """
    if not path:
        yield []
        return
    try:
        file = Path(path).open("w", encoding="ascii")  # noqa: SIM115 -- only opening it may fail so
    except OSError as error:
        raise DriftError(f"{path} could not be written: {error.strerror}") from error
    with file:
        yield [Lines(file)]
