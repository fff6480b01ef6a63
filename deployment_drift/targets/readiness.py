"""Waits until a host has booted and answers, and says what is the matter if it does not."""

import http.client
import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from deployment_drift.errors import HostError
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.targets.target import Kind, Target
from deployment_drift.waiting import Patience, until

if TYPE_CHECKING:
    from docker.models.containers import Container


PAUSES: Mapping[Kind, float] = {"container": 0.02, "machine": 1.0}
"""Seconds between two questions: an emulated machine has little time to answer any."""
_LOOK = 0.25
_ANSWER_LIMIT = 2.0
_LONGER = 1.5
_LONGEST_ANSWER = 10.0
"""How much longer one answer may take after each that was late, and how long at most."""
_SHOWN = 15
_BOOT_PAUSE = 0.15  # the processor is needed for the machine


def wait(target: Target, container: "Container", url: str, limit: float, cancel: Cancel) -> None:
    """Come back when the host is ready; raise HostError if it ends, or is late.

    A web server is ready when it answers 200 at the target's path, a mail server when it greets.
    One answer may not take long, since QEMU takes connections for a guest that does not listen yet;
    but on a busy computer even a page that works is slow.
    """
    answer, next_look, seconds = "", monotonic() + _LOOK, _ANSWER_LIMIT

    def answers() -> bool:
        nonlocal answer, next_look, seconds
        began = monotonic()
        answer = _ask(url, target.path, seconds)
        if monotonic() - began >= seconds:
            seconds = min(_LONGER * seconds, _LONGEST_ANSWER)
        if answer != "200" and monotonic() > next_look:
            next_look = monotonic() + _LOOK
            _require_running(target.name, container)
        return answer == "200"

    def too_late() -> HostError:
        return late(target.name, container, limit, f": {url}{target.path} gave {answer}")

    patience = Patience(limit, partial(work, container))
    until(answers, limit=patience, pause=PAUSES[target.kind], late=too_late, cancel=cancel)


def work(container: "Container") -> object:
    """Return what a container's programs have done so far: it grows while they do anything.

    That is their processors' time, and None where the engine does not know it.
    """
    import docker

    with suppress(docker.errors.APIError, KeyError, TypeError):
        counted: Any = container.stats(stream=False, one_shot=True)
        return counted["cpu_stats"]["cpu_usage"]["total_usage"]
    return None


def _ask(url: str, path: str, seconds: float) -> str:
    """Return the HTTP status, or what kept it from being given."""
    where = urlsplit(url)
    if where.scheme == "smtp":
        return _greeting(where, seconds)
    connection = _connection(where, seconds)
    try:
        connection.request("GET", path)
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({error or type(error).__name__})"
    finally:
        connection.close()


def _connection(where: SplitResult, seconds: float) -> http.client.HTTPConnection:
    if where.scheme == "https":  # whether it is up; whoever uses it looks at its certificate
        unproven = ssl._create_unverified_context()  # noqa: S323, SLF001 -- as said
        return http.client.HTTPSConnection(where.netloc, timeout=seconds, context=unproven)
    return http.client.HTTPConnection(where.netloc, timeout=seconds)


def _greeting(where: SplitResult, seconds: float) -> str:
    try:
        with smtplib.SMTP(str(where.hostname), where.port or 0, timeout=seconds):
            return "200"
    except OSError as error:
        return f"no greeting ({error or type(error).__name__})"


def _require_running(name: str, container: "Container") -> None:
    container.reload()
    if container.status not in {"running", "created"}:
        raise ended(name, container)


def ended(name: str, container: "Container") -> HostError:
    """Return the error for a host that is gone before it was ready."""
    return _error(f"{name} ended before it was ready", container)


def gone(name: str, container: "Container") -> HostError:
    """Return the error for a host that has ended before all was asked of it."""
    return _error(f"{name} does not run any more", container)


def late(name: str, container: "Container", limit: float, last: str = "") -> HostError:
    """Return the error for a host that was not ready in time; last: what it said to that."""
    return _error(f"{name} was not ready within {limit:.0f} s{last}", container)


def _error(what: str, container: "Container") -> HostError:
    container.reload()
    state = container.attrs["State"]
    code = f" with exit status {state['ExitCode']}" if state["Status"] == "exited" else ""
    killed = ", out of memory" if state.get("OOMKilled") else ""
    log = container.logs(tail=_SHOWN).decode(errors="replace").rstrip()
    return HostError(
        f"{what}. The container is now {state['Status']}{code}{killed}.",
        hint=typed("doctor"),
        detail=log or "(its log is empty)",
    )


class RefusedError(HostError):
    """The engine would not start the machine, or QEMU ended before it had booted."""


class SilentError(HostError):
    """The machine runs, but has not booted, or ended, in time."""


def await_boot(name: str, container: "Container", limit: float, late: float, cancel: Cancel) -> str:
    """Come back when the machine's console says that sshd listens; return the machine's key.

    limit: the seconds that the machine was given; late: when they are over (monotonic). One that
        goes on writing to its console gets more.
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
    patience = Patience(late - monotonic(), container.logs, grace=limit / 4)
    return until(key, limit=patience, pause=_BOOT_PAUSE, late=silent, cancel=cancel)


def await_off(name: str, container: "Container", limit: float) -> None:
    """Come back when a machine has switched itself off; SilentError after `limit` seconds."""
    what = f"{name} was told to switch itself off, but still runs after {limit:g} s."
    silent, patience = partial(_silent, what, container), Patience(limit, container.logs, limit / 4)
    until(partial(is_off, container), limit=patience, pause=_BOOT_PAUSE, late=silent)


def is_off(container: "Container") -> bool:
    """Tell whether a container has ended."""
    container.reload()
    return container.status != "running"


def _silent(what: str, container: "Container") -> SilentError:
    said = container.logs().decode(errors="replace")
    return SilentError(what, hint="try again when this computer is less busy", detail=_last(said))


def _last(said: str) -> str:
    return "\n".join(said.splitlines()[-_SHOWN:]) or "(it has said nothing)"
