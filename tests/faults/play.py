"""Plays a fault, and says how it ended and what is left of it."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import docker
import psutil

from deployment_drift import paths
from deployment_drift.engine import bridge, ownership, private
from deployment_drift.values import harmless
from deployment_drift.waiting import until
from tests.faults.fault import Fault

LASTING = {
    "identity",
    "locks",
    "reports",
    "recordings",
    "engine",
    "foreign",
    "bases",
    "steps",
    "kvm.json",
    "pace.json",
}
"""What a state folder has for good."""
SETTLED = 5.0
"""Seconds in which what was told to end has to be gone."""
PASSED = ("PYTHON",)
Things = frozenset[tuple[str, str]]
"""What was found, each as a page names it, and what tells it from another of that name."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a fault; `sentence` is the line that has its words."""

    status: int
    sentence: str
    left: tuple[str, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is played: nothing there is the user's, and all of it is looked at.

    client, engine: of the engine that is used, and what leads programs to it.
    """

    folder: Path
    snapshot: Path
    client: docker.DockerClient | None = None
    engine: Mapping[str, str] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        """The folder in which something is typed."""
        return self.folder / "work"

    @property
    def state(self) -> Path:
        """The state folder; with an engine it is the one by which the engine was found."""
        return paths.state() if self.client else self.folder / "state" / "deployment-drift"

    @property
    def environment(self) -> dict[str, str]:
        """What a process is told; nothing of who runs these tests."""
        passed = {name: os.environ[name] for name in PASSED if name in os.environ}
        own = {"XDG_STATE_HOME": str(self.state.parent)}
        home, temporary = str(self.folder / "home"), str(self.folder / "tmp")
        told = {"HOME": home, "TMPDIR": temporary, "ROOT": str(paths.root()), "LANG": "C.UTF-8"}
        programs = (
            f"{self.work / 'bin'}:{paths.root() / 'tests/faults/programs'}:{os.environ['PATH']}"
        )
        return {**passed, **told, **own, **self.engine, "PATH": programs}

    def make(self) -> None:
        """Make the folders, and what each fault finds there."""
        for name in ("work", "home", "state", "tmp"):
            (self.folder / name).mkdir()
        (self.work / "invoke").symlink_to(paths.root() / "invoke")
        shutil.copy(self.snapshot, self.work / "good.json")


def play(fault: Fault, place: Place) -> Ended:
    """Cause a fault, type what is typed, and look at what is left."""
    place.make()
    _sh(fault.given, place, fault.limit, check=True)
    before = things(place)
    ended = _sh(fault.typed, place, fault.limit)
    until(lambda: _left(place, before) <= {*fault.left}, limit=SETTLED, pause=0.1)
    told = (ended.stderr + ended.stdout).decode(errors="replace")
    left = tuple(sorted(_left(place, before)))
    return Ended(ended.returncode, sentence(told, fault, place), left, told)


def _left(place: Place, before: Things) -> set[str]:
    return {name for name, _ in things(place) - before}


def _sh(
    text: str, place: Place, limit: int, *, check: bool = False
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        ["sh", "-c", text],
        cwd=place.work,
        env=place.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=limit,
        check=check,
    )


def sentence(told: str, fault: Fault, place: Place) -> str:
    """Return the line with a fault's words, "" for none, its folders as in the page's words."""
    shorter = {f"{place.work}/": "", str(place.folder): "…", f"{paths.root()}/": "./"}
    shorter[str(place.state)] = "…"
    for long, short in shorter.items():
        told = told.replace(long, short)
    found = next((line for line in told.splitlines() if fault.says in line and line.strip()), "")
    return harmless(found.strip().removeprefix("Error: "))


def things(place: Place) -> Things:
    """Return what a fault could leave: files, processes, mounts and what is on the engine."""
    found = [*_files(place), *_processes(place), *_mounts(place)]
    return frozenset([*found, *_on_engine(place.client)] if place.client else found)


def _files(place: Place) -> Iterator[tuple[str, str]]:
    seen = (
        [place.folder] if place.state.is_relative_to(place.folder) else [place.folder, place.state]
    )
    for base in seen:
        for path in _below(base, place.state):
            if (path.is_symlink() or not path.is_dir()) and path.suffix != ".pyc":
                root = place.state if place.state in path.parents else base
                yield _called(str(path.relative_to(root)).removeprefix("work/")), _content(path)


def _below(folder: Path, state: Path) -> Iterator[Path]:
    """Yield what is in a folder, without what a state folder has for good, as an engine."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if folder != state or path.name not in LASTING:
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from _below(path, state)


def _called(name: str) -> str:
    """Return what a page calls a file; of an environment it names the folder."""
    before, venv, _ = name.partition(".venv/")
    return f"environment {before}.venv" if venv else f"file {name}"


def _content(path: Path) -> str:
    """Return what changes with a file; one that is gone meanwhile has nothing."""
    with suppress(OSError):
        if path.is_symlink():
            return str(path.readlink())
        content = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        return f"{path.stat().st_mode} {content}"
    return ""


def _processes(place: Place) -> Iterator[tuple[str, str]]:
    """Yield the processes that have inherited the fault's folder for temporary files."""
    for process in psutil.process_iter(["environ", "name", "status"]):
        seen = process.info["environ"] or {}
        if seen.get("TMPDIR", "").startswith(str(place.folder)):
            yield f"process {process.info['name']}", str(process.pid)


def _mounts(place: Place) -> Iterator[tuple[str, str]]:
    for found in psutil.disk_partitions(all=True):
        if found.mountpoint.startswith((f"{place.folder}/", f"{place.state}/bootstrap")):
            yield f"mount {found.mountpoint}", found.device


def of_ours() -> dict[str, Any]:
    """Return the filter of what this state folder's scenes have started."""
    return {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}


def _on_engine(client: docker.DockerClient) -> Iterator[tuple[str, str]]:
    ours, api = of_ours(), client.api
    yield from (("container", each["Id"]) for each in api.containers(all=True, filters=ours))
    yield from (("network", each["Id"]) for each in api.networks(filters=ours))
    yield from (("volume", each["Name"]) for each in api.volumes(filters=ours)["Volumes"] or ())
    yield from (("rule", rule) for rule in _rules(bridge.name(private.folder())))


def _rules(name: str) -> list[str]:
    """Return the firewall's rules that speak of a bridge; none without a firewall or the right."""
    with suppress(OSError):
        listed = subprocess.run(["iptables-save"], capture_output=True, text=True, check=False)
        return [line for line in listed.stdout.splitlines() if name in line]
    return []
