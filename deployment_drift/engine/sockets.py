"""Looks at sockets before a client does, so that errors say what is the matter."""

import errno
import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from deployment_drift.errors import EngineError

LONGEST = 107
"""Bytes that a Unix socket's path may have (unix(7))."""
_LIMIT = 2.0


def defaults(environment: Mapping[str, str]) -> list[Path]:
    """Return where Docker, rootless Docker and Podman listen unless told otherwise."""
    runtime = Path(environment.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    return [
        Path("/var/run/docker.sock"),
        runtime / "docker.sock",
        Path("/run/podman/podman.sock"),
        runtime / "podman/podman.sock",
    ]


def knock(path: Path) -> None:
    """Connect once; raise OSError if nobody opens."""
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(_LIMIT)
        asked.connect(str(path))


def listens(path: Path) -> bool:
    """Tell whether something accepts connections there; raise EngineError if we may not ask."""
    try:
        knock(path)
    except PermissionError as error:
        raise EngineError(
            f"The engine at unix://{path} does not let you in.",
            hint="sudo usermod -aG docker $USER, and log in again",
        ) from error
    except OSError as error:
        # a full queue is an engine that is there but does not answer: the client will say so
        return error.errno == errno.EAGAIN
    return True


def reason(error: BaseException) -> str:
    """Return the innermost sentence of an error that libraries wrapped several times."""
    chain = list(_chain(error))
    for inner in chain:
        if isinstance(inner, TimeoutError):
            return "no answer within the time limit"
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror.lower()
    kinds = {type(inner).__name__ for inner in chain}
    if kinds & {"JSONDecodeError", "BadStatusLine", "NotFound", "IncompleteRead"}:
        return "what answers there is not a container engine"
    if "ReadTimeout" in kinds or "ConnectTimeout" in kinds:
        return "no answer within the time limit"
    return str(chain[-1]).rstrip(".") or type(chain[-1]).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and, deepest first where several lead on, what caused it."""
    seen: set[int] = set()
    queue: list[BaseException] = [error]
    while queue:
        current = queue.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        nested = (*current.args, getattr(current, "reason", None))
        linked = (current.__cause__, current.__context__, *nested)
        queue += [inner for inner in linked if isinstance(inner, BaseException)]
