"""Remembers how long on this machine what worked took, so that a limit fits slow machines, too."""

import json
from contextlib import suppress
from pathlib import Path

from deployment_drift import files, paths
from deployment_drift.errors import DriftError

MARGIN = 4
"""How much longer than when it worked something may take."""


def limit(what: str, least: float) -> float:
    """Return the seconds that something has: more than `least` where it once took long."""
    return max(least, MARGIN * _remembered().get(what, 0.0))


def remember(what: str, seconds: float, least: float) -> None:
    """Note that something worked, unless `least` is time enough for what takes as long.

    Where nothing can be written, nothing is remembered: what worked has worked all the same.
    """
    if MARGIN * seconds > limit(what, least):
        with suppress(DriftError):
            files.write(_file(), json.dumps({**_remembered(), what: round(seconds, 1)}, indent=1))


def _remembered() -> dict[str, float]:
    with suppress(DriftError, OSError, ValueError, AttributeError):
        known = json.loads(_file().read_text("utf-8"))
        return {what: seconds for what, seconds in known.items() if type(seconds) in {int, float}}
    return {}


def _file() -> Path:
    return paths.state() / "pace.json"
