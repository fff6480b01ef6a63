"""Waits until a virtual machine has booted, or is off, and says what is the matter if not."""

import re
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from deployment_drift.errors import HostError
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.waiting import until

if TYPE_CHECKING:
    from docker.models.containers import Container

_PAUSE = 0.15  # the processor is needed for the machine
_SHOWN = 15


class RefusedError(HostError):
    """The engine would not start the machine, or QEMU ended before it had booted."""


class SilentError(HostError):
    """The machine runs, but has not booted, or ended, in time."""


def wait(name: str, container: "Container", limit: float, late: float, cancel: Cancel) -> str:
    """Come back when the machine's console says that sshd listens; return the machine's key.

    limit: the seconds that the machine was given; late: when they are over (monotonic).
    Raises RefusedError if QEMU ends, SilentError if it is late.
    """

    def key() -> str:
        said = container.logs().decode(errors="replace")
        container.reload()
        found = re.search(r"^host key: (\S+ \S+)", said, re.MULTILINE)
        if found and "Server listening on" in said:
            return found[1]
        if container.status not in {"running", "created"}:
            what = f"{name} ended before it had booted."
            raise RefusedError(what, hint=typed("doctor"), detail=_last(said))
        return ""

    what = f"{name} runs, but had not booted within {limit:g} s."
    silent = partial(_silent, what, container)
    return until(key, limit=late - monotonic(), pause=_PAUSE, late=silent, cancel=cancel)


def await_off(name: str, container: "Container", limit: float) -> None:
    """Come back when a machine has switched itself off; SilentError after `limit` seconds."""

    def off() -> bool:
        container.reload()
        return container.status != "running"

    what = f"{name} was told to switch itself off, but still runs after {limit:g} s."
    until(off, limit=limit, pause=_PAUSE, late=partial(_silent, what, container))


def _silent(what: str, container: "Container") -> SilentError:
    said = container.logs().decode(errors="replace")
    return SilentError(what, hint="try again when this computer has less to do", detail=_last(said))


def _last(said: str) -> str:
    return "\n".join(said.splitlines()[-_SHOWN:]) or "(it has said nothing)"
