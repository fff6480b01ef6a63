"""Starts, finds and ends the private engine's processes; a pid file is never believed."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from deployment_drift.engine import bridge

LONGEST_SOCKET = "exec/containerd/containerd-debug.sock"
"""The longest path of a socket that dockerd makes below its folder."""
_PAUSE = 0.02
_GRACE = 2.0


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
    mark = f"--host=unix://{folder}/docker.sock"
    return next((found for found, words in processes(folder).items() if mark in words), None)


def processes(folder: Path) -> dict[int, list[str]]:
    """Return pid and words of every engine process that was started for this folder."""
    found = {}
    for process in _pids():
        words = _words(process)
        # with a containerd of the system, the name of our namespace is all that tells a shim
        marks = [word for word in words if f"{folder}/" in word or word == bridge.name(folder)]
        if marks and _is_engine(words):
            found[process] = words
    return found


def _words(process: int) -> list[str]:
    with suppress(OSError):
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        return command.decode(errors="replace").split("\0")[:-1]
    return []


def _is_engine(words: list[str]) -> bool:
    # setsid: a dockerd that is just being started
    programs = ("setsid", "dockerd", "containerd", "containerd-shim-runc-v2", "runc")
    return bool(words) and Path(words[0]).name in programs


def terminate(folder: Path, limit: float) -> None:
    """End the engine and all that it started: politely first, by force after `limit` seconds."""
    _terminate_daemon(folder, limit)
    _signal(folder, signal.SIGKILL)
    _wait(folder, _GRACE)


def _terminate_daemon(folder: Path, limit: float) -> None:
    """Let dockerd itself stop its containers and its containerd; kill it after `limit` seconds."""
    daemon = pid(folder)
    if daemon is None:
        return
    os.kill(daemon, signal.SIGTERM)
    end = time.monotonic() + limit
    while pid(folder) == daemon:
        if time.monotonic() > end:
            os.kill(daemon, signal.SIGKILL)
        time.sleep(_PAUSE)


def _signal(folder: Path, number: signal.Signals) -> None:
    ours = set(processes(folder))
    # the first process of a container is the child of an engine's process, and goes with it
    contained = [child for child in _pids() if _parent(child) in ours]
    for process in (*contained, *ours):
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent(process: int) -> int:
    """Return the parent's pid (proc(5)), 0 for a process that is gone."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _wait(folder: Path, limit: float) -> None:
    end = time.monotonic() + limit
    while processes(folder) and time.monotonic() < end:
        time.sleep(_PAUSE)


def mounts(folder: Path) -> list[str]:
    """Return the mount points at or below the folder, innermost first."""
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    points = [line.split()[1].replace("\\040", " ") for line in lines]
    return [point for point in reversed(points) if f"{point}/".startswith(f"{folder}/")]


def unmount(folder: Path) -> None:
    """Unmount what a killed engine left below the folder."""
    for point in mounts(folder):
        subprocess.run(["umount", "--lazy", point], capture_output=True, check=False)
