"""Asks one host one question, and never takes a failure for an answer."""

from collections.abc import Callable
from typing import Any

from deployment_drift.errors import UnknownError
from deployment_drift.records import Observation, Status

Question = Callable[[Any], Any]  # what it returns must be JSON


def observe(check: str, name: str, host: Any, question: Question) -> Observation:  # noqa: ANN401 -- testinfra's host has no static attributes
    """Return what `question(host)` gives; None is ABSENT, and any exception is UNKNOWN."""
    try:
        value = question(host)
    except UnknownError as error:
        return Observation(check, name, Status.UNKNOWN, reason=error.what)
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong in a check is no answer of the host
        return Observation(check, name, Status.UNKNOWN, reason=_first_line(error))
    if value is None:
        return Observation(check, name, Status.ABSENT)
    return Observation(check, name, Status.VALUE, value)


def _first_line(error: Exception) -> str:
    text = str(error).strip() or repr(error)
    return f"{type(error).__name__}: {text.splitlines()[0][:200]}"
