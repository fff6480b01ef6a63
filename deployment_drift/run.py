"""Plays a scene: its named steps, each with what it opened, told to any number of listeners."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar, cast

from deployment_drift import paths
from deployment_drift.compare.comparison import Comparison
from deployment_drift.events import (
    Compared,
    Event,
    Found,
    HostJoined,
    Listener,
    Progress,
    Report,
    SceneStarted,
    Shown,
    StepDone,
    StepStarted,
)
from deployment_drift.records import Host, Sentence
from deployment_drift.scene import Collector, Scene, outcome
from deployment_drift.waiting import PATIENCE

if TYPE_CHECKING:
    from deployment_drift.build.images import Image
    from deployment_drift.compare.project import Project
    from deployment_drift.engine.engines import Engine
    from deployment_drift.engine.ownership import Session
    from deployment_drift.targets.machines import Launched


Gate = Callable[[str], str]
"""Is called in front of each step with its name, and behind the last with ""; it may wait, and
returns the step to play: this one, or another; "" ends the scene."""
T = TypeVar("T")


@dataclass
class Run:
    """What the steps of one `scene` hand to each other.

    `built` are the images by their folders, `servers` the hosts that run, `launched` machines
    that boot meanwhile.
    """

    scene: Scene
    root: Path
    listeners: Sequence[Listener] = ()
    keep: bool = False
    engine: "Engine" = field(init=False)
    session: "Session" = field(init=False)
    built: dict[str, "Image"] = field(default_factory=dict)
    servers: list[Host] = field(default_factory=list)
    launched: list["Launched"] = field(default_factory=list)
    collected: Collector = field(default_factory=Collector)
    _step: str = ""
    _opened: dict[str, ExitStack] = field(default_factory=dict)
    _standing: set[str] = field(default_factory=set)
    _handed: dict[type, object] = field(default_factory=dict)
    _telling: RLock = field(default_factory=RLock)

    @property
    def running(self) -> ExitStack:
        """What closes whatever the present step opens."""
        return self._opened.setdefault(self._step, ExitStack())

    def tell(self, event: Event) -> None:
        """Tell every listener, one event at a time, whichever thread has seen it."""
        with self._telling:
            self.collected(event)
            for listener in self.listeners:
                listener(event)

    def progress(self, subject: str, line: str) -> None:
        """Tell one line of progress, which nobody needs to remember."""
        if isinstance(line, Sentence):
            self.tell(Progress(subject, line.name, line.values))
        else:
            self.tell(Progress(subject, line))

    def show(self, name: str, *, holds: bool | None, **values: object) -> None:
        """Tell one statement of the scene, with what was measured, and whether it holds.

        Its sentence is `statements.NAME` in the scene's words, with places for the values.
        None says that it could not be asked here: neither shown nor refuted.
        """
        self.tell(Shown(name, holds, values))

    def serve(self, hosts: Sequence[Host]) -> None:
        """Let hosts take part until what the present step has opened is closed."""
        self.servers += hosts
        self.running.callback(self._forget, hosts)
        for host in hosts:
            self.tell(HostJoined(host))

    def compare(
        self,
        addresses: Sequence[str],
        folder: Path | None = None,
        said: "Project | None" = None,
        patience: float = PATIENCE,
    ) -> list[Comparison]:
        """Ask this project's checks, or those in a folder, of the hosts at these addresses.

        said: what a project says of them. patience: the seconds that our own checks give them.
        """
        from deployment_drift.compare import checks

        made: list[Comparison] = []

        def tell(comparison: Comparison) -> None:
            made.append(comparison)
            self.tell(Compared(comparison))

        allowed = self.root / self.scene.allowed if self.scene.allowed else None
        one = checks.run(
            addresses, tell, folder=folder, allowed=allowed, said=said, patience=patience
        )
        for name, first in one.items():
            same = Sentence("same_server", first=first)
            self.tell(Found(name, same.name, same.values))
        return made

    def _forget(self, hosts: Sequence[Host]) -> None:
        self.servers = [host for host in self.servers if host not in hosts]

    def handed(self, kind: type[T]) -> T:
        """Return the record of this kind by which steps hand figures on, made on first use."""
        return cast("T", self._handed.setdefault(kind, kind()))

    def play(self, name: str) -> None:
        """Play one step; what it opened and told when it was played before is closed and void."""
        self._opened.pop(name, ExitStack()).close()
        self._step = name
        self.tell(StepStarted(name, list(self.scene.steps).index(name) + 1))
        start = perf_counter()
        self.scene.steps[name](self)
        self._standing.add(name)
        self.tell(StepDone(name, perf_counter() - start))

    def lead_to(self, name: str) -> None:
        """See that everything in front of a step stands, and nothing that comes after it does.

        What was never played, or has been closed since, is played now.
        """
        names = list(self.scene.steps)
        place = names.index(name)
        for later in reversed(names[place + 1 :]):
            self._opened.pop(later, ExitStack()).close()
            self._standing.discard(later)
        for earlier in names[:place]:
            if earlier not in self._standing:
                self.play(earlier)

    def report(self) -> Report:
        """Tell what everything that was told comes to, and return it."""
        result = outcome(self.scene, self.collected, self.root)
        self.tell(result)
        return result

    def close(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Close what the steps have opened, the last first, with the error that ended them."""
        everything = ExitStack()
        for stack in self._opened.values():
            everything.push(stack)
        self._opened.clear()
        self._standing.clear()
        everything.__exit__(kind, error, trace)


@contextmanager
def opened(
    scene: Scene, *listeners: Listener, keep: bool = False, root: Path | None = None
) -> Iterator[Run]:
    """Yield a run of a scene whose steps are still to be played.

    Whatever happens, nothing of what was started stays behind, unless `keep` asks for it.
    """
    run = Run(scene, root or paths.root(), listeners, keep)
    with ExitStack() as everything:
        everything.push(run.close)
        run.tell(SceneStarted(scene.name, scene.expects, tuple(scene.steps)))
        yield run


def play(
    scene: Scene,
    *listeners: Listener,
    keep: bool = False,
    root: Path | None = None,
    gate: Gate = lambda name: name,
) -> Report:
    """Play a scene from its first step to its last, and return what it came to.

    gate: may wait in front of each step, and lead to another one.
    Raises DriftError when the scene could not be played.
    """
    with opened(scene, *listeners, keep=keep, root=root) as run:
        lead(run, gate)
    return run.report()


def lead(run: Run, gate: Gate = lambda name: name) -> None:
    """Play the steps of a run, each when the gate lets it."""
    names = [*run.scene.steps, ""]
    following = names[0]
    while wanted := gate(following):
        run.lead_to(wanted)
        run.play(wanted)
        following = names[names.index(wanted) + 1]


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables, for the docker client that testinfra starts, and put them back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
