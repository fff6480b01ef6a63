"""Runs a private engine for a machine that has none: own socket, data folder, pid file, bridge."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from deployment_drift import pace, paths
from deployment_drift.engine import bridge, daemon, firewall, ownership, packages, sockets
from deployment_drift.errors import DriftError, EngineError
from deployment_drift.paths import typed
from deployment_drift.records import Sentence
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker

PACKAGES = ("docker.io", "iproute2", "mmdebstrap")
"""Debian's packages with an engine, its network, and what makes base images."""
OPTIONAL = ("docker-cli", "debian-archive-keyring")
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
    found = address()
    return found if found and _answers() else None


def address() -> str | None:
    """Return the address of our engine if it runs."""
    path = folder() / "docker.sock"
    return f"unix://{path}" if path.is_socket() and sockets.listens(path) else None


def install(announce: Callable[[str], None]) -> bool:
    """Install what an engine and the bases need where it is missing; tell whether it was."""
    missing = [name for name in ("dockerd", "docker", "ip") if shutil.which(name) is None]
    if not missing:
        return False
    if not packages.can_install():
        raise EngineError(
            f"{', '.join(missing)} is missing, and there is no apt-get to install it with.",
            hint="install Docker or Podman with your distribution's package manager",
        )
    names = [*PACKAGES, *["apparmor"] * packages.wants_apparmor()]
    announce(Sentence("installing", packages=" ".join(names)))
    try:
        packages.install(names, optional=OPTIONAL)
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
        if daemon.pid(folder()):  # it is busy: it may be playing a scene
            return _await()
        if error := hindrance():
            raise error
        announce(Sentence("starting_engine", folder=str(folder())))
        with firewall.alone():
            _launch()
            return _await()


def stop() -> bool:
    """Stop the private engine with its containers; tell whether there was anything to stop.

    No process, mount, socket, bridge or firewall rule of it is left; once no engine lives on this
    machine, packets are forwarded, or not, as before the first of ours.
    """
    with ownership.locked("engine"), firewall.alone():
        there = bool(daemon.processes(folder()))
        _kill_containers()
        _take_away()
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
    _clear()
    # else the engine takes its last run's range again, which may be another's by now
    with suppress(OSError):  # where nothing can be there, the engine's log says why
        (folder() / "data/network/files/local-kv.db").unlink()
    try:
        firewall.note()
        bridge.add(folder())
        daemon.launch(folder())
    except BaseException:  # on a full disk, or by Ctrl-C: nobody else knows of the bridge
        _take_away()
        raise


def _await() -> str:
    """Return the engine's address when it answers; raise if it ends, or is not in time."""
    began = seen = monotonic()
    limit = pace.limit("engine", START_LIMIT)

    def address() -> str | None:
        nonlocal seen
        found = running()
        seen = monotonic() if daemon.pid(folder()) else seen
        # a process has no words for a moment while it becomes dockerd
        if not found and monotonic() - seen > _GRACE:
            raise _not_up()
        return found

    late = partial(_silent, f" for {limit:.0f} s")
    url = until(address, limit=limit, pause=_PAUSE, late=late)
    pace.remember("engine", monotonic() - began, START_LIMIT)
    return url


def _silent(since: str = "") -> EngineError:
    what = f"The private engine in {folder()} runs, but did not answer{since}."
    return EngineError(what, hint=typed("engine-stop"), detail=log_tail())


def _not_up() -> EngineError:
    _take_away()
    return EngineError(
        f"The private engine in {folder()} did not come up.",
        hint=f"less {folder() / 'log'}",
        detail=log_tail(),
    )


def _take_away() -> None:
    _clear()
    bridge.remove(folder())
    firewall.restore()


def _kill_containers() -> None:
    """End the containers at once; asked politely, most programs let ten seconds pass.

    Their networks go, too: an engine that ends leaves the bridges and the rules of those.
    """
    import docker

    with _silence_is_fine(), _api(_version()) as api:
        for container in api.containers(quiet=True):
            with suppress(docker.errors.APIError):  # it has ended by itself
                api.kill(container["Id"])
        for network in api.networks(filters={"type": "custom"}):
            with suppress(docker.errors.APIError):  # of a container that is not gone yet
                api.remove_network(network["Id"])


def _clear() -> None:
    """End what runs, also what a killed engine left, and forget its pid files and sockets."""
    daemon.terminate(folder(), STOP_LIMIT)
    daemon.unmount(folder())
    for name in ("docker.pid", "docker.sock"):
        (folder() / name).unlink(missing_ok=True)
    shutil.rmtree(folder() / "exec", ignore_errors=True)


def hindrance() -> EngineError | None:
    """Return why our engine could not be used if it were started now, None if it could."""
    longest = folder() / daemon.LONGEST_SOCKET
    if len(bytes(longest)) > sockets.LONGEST:
        return EngineError(
            f"The path {folder()} is too long for the engine's sockets "
            f"({len(bytes(longest))} bytes, {sockets.LONGEST} are allowed).",
            hint=f"XDG_STATE_HOME=/var/lib/drift {typed('…')}",
        )
    return _silent() if daemon.pid(folder()) else None


def _answers() -> bool:
    with _silence_is_fine():
        return bool(_version())
    return False


def _version() -> str:
    """Return the version of the API that our engine speaks; this question needs no version."""
    from docker.constants import DEFAULT_DOCKER_API_VERSION

    with _api(DEFAULT_DOCKER_API_VERSION) as api:
        return str(api.version(api_version=False)["ApiVersion"])


@contextmanager
def _api(version: str) -> Iterator["docker.APIClient"]:
    """Yield a client of our engine; OSError where nobody listens."""
    import docker

    path = folder() / "docker.sock"
    sockets.knock(path)  # the library would leave a socket open that it cannot connect
    with closing(docker.APIClient(f"unix://{path}", version, timeout=ANSWER_LIMIT)) as api:  # type: ignore[arg-type]
        yield api


@contextmanager
def _silence_is_fine() -> Iterator[None]:
    """Leave the block quietly where our engine does not answer."""
    import docker
    import requests

    with suppress(OSError, docker.errors.DockerException, requests.RequestException):
        yield
