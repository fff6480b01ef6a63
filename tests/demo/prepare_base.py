"""Prepares the base image that is given as the only argument, and says what happens."""

import sys
from contextlib import suppress

from deployment_drift.build import bases
from deployment_drift.engine import engines


def say(_name: str, line: str) -> None:
    """Pass a line of progress on."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


found = engines.find()
with suppress(KeyboardInterrupt):
    if found:
        bases.prepare(found, [sys.argv[1]], say)
