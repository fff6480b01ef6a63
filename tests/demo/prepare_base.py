"""Prepares the base image that is given as the only argument, and says what happens."""

import sys
from contextlib import suppress

from drift.engine import engines
from drift.make import bases


def say(_name: str, line: str) -> None:
    """Pass a line of progress on."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


found = engines.find()
with suppress(KeyboardInterrupt):
    if found:
        bases.prepare(found, [sys.argv[1]], say)
