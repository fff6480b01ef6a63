"""Starts, finds and ends the private engine's processes; a pid file is never believed."""

import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from deployment_drift.engine import bridge
from deployment_drift.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psutil

LONGEST_SOCKET = "exec/containerd/containerd-debug.sock"
"""The longest path of a socket that dockerd makes below its folder."""
_PAUSE = 0.02
_GRACE = 2.0
_LIMIT = 20


def launch(folder: Path) -> None:
    """Start dockerd detached from this process, its terminal and its signals."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # the machine's own /etc/docker/daemon.json is for the machine's own engine
    (folder / "daemon.json").write_text("{}\n", encoding="ascii")
    with (folder / "log").open("w", encoding="utf-8") as log:
        subprocess.run(
            ["setsid", "--fork", *_command(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            check=True,
        )


def _command(folder: Path) -> list[str]:
    name = bridge.name(folder)
    return [
        "dockerd",
        f"--config-file={folder}/daemon.json",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/exec",
        f"--pidfile={folder}/docker.pid",
        f"--host=unix://{folder}/docker.sock",
        f"--bridge={name}",
        # a containerd of the system is shared without seeing each other's containers
        f"--containerd-namespace={name}",
        f"--containerd-plugins-namespace={name}-plugins",
    ]


def pid(folder: Path) -> int | None:
    """Return the pid of our dockerd, None if it does not run."""
    found = _daemon(folder)
    return found.pid if found else None


def processes(folder: Path) -> dict[int, list[str]]:
    """Return pid and words of every engine process that was started for this folder."""
    return {process.pid: process.info["cmdline"] for process in _processes(folder)}


def _daemon(folder: Path) -> "psutil.Process | None":
    mark = f"--host=unix://{folder}/docker.sock"
    return next((each for each in _processes(folder) if mark in each.info["cmdline"]), None)


def _processes(folder: Path) -> "list[psutil.Process]":
    import psutil

    running = psutil.process_iter(["cmdline"])
    return [each for each in running if _is_engine(each.info["cmdline"] or [], folder)]


def _is_engine(words: list[str], folder: Path) -> bool:
    # setsid: a dockerd that is just being started
    programs = ("setsid", "dockerd", "containerd", "containerd-shim-runc-v2", "runc")
    # with a containerd of the system, the name of our namespace is all that tells a shim
    ours = any(f"{folder}/" in word or word == bridge.name(folder) for word in words)
    return ours and Path(words[0]).name in programs


def terminate(folder: Path, limit: float) -> None:
    """End the engine and all that it started: politely first, by force after `limit` seconds."""
    _terminate_daemon(folder, limit)
    for process in _doomed(folder):
        _send(process, signal.SIGKILL)
    until(lambda: not _processes(folder), limit=_GRACE, pause=_PAUSE)


def _terminate_daemon(folder: Path, limit: float) -> None:
    """Let dockerd itself stop its containers and its containerd, for `limit` seconds at most."""
    daemon = _daemon(folder)
    if daemon is None:
        return
    _send(daemon, signal.SIGTERM)
    until(lambda: pid(folder) != daemon.pid, limit=limit, pause=_PAUSE)


def _doomed(folder: Path) -> "Iterator[psutil.Process]":
    """Yield the engine's processes, each behind the first processes of its containers."""
    import psutil

    for process in _processes(folder):
        with suppress(psutil.NoSuchProcess):
            yield from process.children()
        yield process


def _send(process: "psutil.Process", number: signal.Signals) -> None:
    import psutil

    with suppress(psutil.NoSuchProcess):  # also where its number is another process's by now
        process.send_signal(number)


def mounts(folder: Path) -> list[str]:
    """Return the mount points at or below the folder, innermost first."""
    import psutil

    points = [found.mountpoint for found in psutil.disk_partitions(all=True)]
    return [point for point in reversed(points) if f"{point}/".startswith(f"{folder}/")]


def unmount(folder: Path) -> None:
    """Unmount what a killed engine left below the folder."""
    for point in mounts(folder):
        subprocess.run(
            ["umount", "--lazy", point], capture_output=True, timeout=_LIMIT, check=False
        )
