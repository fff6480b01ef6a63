"""Runs a private engine for a machine that has none: own socket, data folder, pid file, bridge."""

import http.client
import json
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

from deployment_drift import paths
from deployment_drift.engine import bridge, daemon, ownership, packages, sockets
from deployment_drift.errors import DriftError, EngineError
from deployment_drift.paths import typed
from deployment_drift.records import Sentence

START_LIMIT = 60.0
STOP_LIMIT = 45.0
ANSWER_LIMIT = 5.0
_PAUSE = 0.02
_GRACE = 0.3


def folder() -> Path:
    """Return where the private engine keeps everything."""
    return paths.state() / "engine"


def running() -> str | None:
    """Return the address of our engine if it runs and answers."""
    path = folder() / "docker.sock"
    return f"unix://{path}" if path.is_socket() and _answers() else None


def install(announce: Callable[[str], None]) -> bool:
    """Install what an engine and the bases need where it is missing; tell whether it was."""
    missing = [name for name in ("dockerd", "docker") if shutil.which(name) is None]
    if not missing:
        return False
    if not packages.can_install():
        raise EngineError(
            f"{' and '.join(missing)} is missing, and apt-get is not there to install it.",
            hint="install Docker or Podman with your distribution's package manager",
        )
    names = ["docker.io", "mmdebstrap", *["apparmor"] * packages.wants_apparmor()]
    announce(Sentence("installing", packages=", ".join(names)))
    try:
        packages.install(names, optional=["docker-cli", "debian-archive-keyring"])
    except DriftError as error:
        raise EngineError(error.what, hint=error.hint, detail=error.detail) from error
    return True


def start(announce: Callable[[str], None]) -> str:
    """Start the private engine, unless it runs, and return its address.

    Raises EngineError with the last lines of the engine's log if it does not come up.
    """
    with ownership.locked("engine"):
        url = running()
        if url:
            return url
        if not daemon.pid(folder()):  # one that is there is busy: it may be playing a scene
            announce(Sentence("starting_engine", folder=str(folder())))
            _launch()
        return _await()


def stop() -> bool:
    """Stop the private engine with its containers; tell whether there was anything to stop.

    No process, mount, socket, bridge or firewall rule of it is left.
    """
    with ownership.locked("engine"):
        there = bool(daemon.processes(folder()))
        _kill_containers()
        _clear()
        bridge.remove(folder())
        return there


def remove() -> None:
    """Stop the private engine and remove its data."""
    stop()
    shutil.rmtree(folder(), ignore_errors=True)


def log_tail(lines: int = 8) -> str:
    """Return the last lines of the private engine's log."""
    file = folder() / "log"
    text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


def _launch() -> None:
    _require_short(folder())
    _clear()
    bridge.add(folder())
    daemon.launch(folder())


def _await() -> str:
    """Return the engine's address when it answers; raise if it ends, or is not in time."""
    begin = seen = time.monotonic()
    while not (url := running()):
        now = time.monotonic()
        seen = now if daemon.pid(folder()) else seen
        if now - seen > _GRACE:  # a process has no words for a moment while it becomes dockerd
            raise _not_up()
        if now - begin > START_LIMIT:
            what = f"The private engine in {folder()} did not answer for {START_LIMIT:.0f} s."
            raise EngineError(what, hint=typed("engine-stop"), detail=log_tail())
        time.sleep(_PAUSE)
    return url


def _not_up() -> EngineError:
    _clear()
    bridge.remove(folder())
    return EngineError(
        f"The private engine in {folder()} did not come up.",
        hint=f"less {folder() / 'log'}",
        detail=log_tail(),
    )


def _kill_containers() -> None:
    """End the containers at once; asked politely, most programs let ten seconds pass."""
    for container in json.loads(_request("GET", "/containers/json") or "[]"):
        _request("POST", f"/containers/{container['Id']}/kill")


def _clear() -> None:
    """End what runs, also what a killed engine left, and forget its pid files and sockets."""
    daemon.terminate(folder(), STOP_LIMIT)
    daemon.unmount(folder())
    for name in ("docker.pid", "docker.sock"):
        (folder() / name).unlink(missing_ok=True)
    shutil.rmtree(folder() / "exec", ignore_errors=True)


def _require_short(place: Path) -> None:
    longest = place / daemon.LONGEST_SOCKET
    if len(bytes(longest)) > sockets.LONGEST:
        raise EngineError(
            f"The path {place} is too long for the engine's sockets "
            f"({len(bytes(longest))} bytes, {sockets.LONGEST} are allowed).",
            hint=f"XDG_STATE_HOME=/var/lib/drift {typed('…')}",
        )


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_LIMIT)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def _answers() -> bool:
    return _request("GET", "/_ping") is not None


def _request(method: str, path: str) -> bytes | None:
    """Return what our engine answers; None if it does not, or refuses."""
    connection = _Connection(folder() / "docker.sock")
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.read() if response.status < http.client.BAD_REQUEST else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
