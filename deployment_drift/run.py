"""Plays a scene: its named steps one after the other, told to a listener as they happen."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from deployment_drift import paths
from deployment_drift.compare.allowed import idle, read
from deployment_drift.compare.comparison import Comparison, Verdict, overall
from deployment_drift.events import (
    Compared,
    Event,
    Listener,
    Measured,
    Progress,
    Report,
    Shown,
    StepDone,
    StepStarted,
)
from deployment_drift.records import Host

if TYPE_CHECKING:
    from deployment_drift.build.images import Image
    from deployment_drift.engine.engines import Engine
    from deployment_drift.engine.ownership import Session
    from deployment_drift.targets.machines import Launched


Step = Callable[["Run"], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """One act of the talk: its steps by their names, and the verdict that it promises.

    A scene compares hosts (`expects` is DRIFT or PARITY, `allowed` a file of accepted differences)
    or makes statements (`expects` is SHOWN), or both: every statement has to hold. `images` are the
    folders that are built for it, `machines` those of them that become virtual machines, `foreign`
    those that are built for another CPU, too. `order` is its place in the talk, 0 if it has none;
    `command` is what is typed for it, where that is another scene's option.
    """

    name: str
    expects: Verdict
    steps: Mapping[str, Step]
    order: int = 0
    command: str = ""
    allowed: str = ""
    images: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def typed(self) -> str:
        """What is typed behind `./invoke` to play it."""
        return self.command or f"demo-{self.name}"


@dataclass
class Run:
    """What the steps of one `scene` hand to each other.

    `running` takes down, last first, whatever a step has started. `built` are the images by
    their folders, `servers` the hosts that run, `launched` machines that boot meanwhile.
    """

    listener: Listener
    running: ExitStack
    root: Path
    scene: Scene
    keep: bool = False
    engine: "Engine" = field(init=False)
    session: "Session" = field(init=False)
    built: dict[str, "Image"] = field(default_factory=dict)
    servers: list[Host] = field(default_factory=list)
    launched: list["Launched"] = field(default_factory=list)
    heard: list[Event] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        """Tell the listener, and remember for the report."""
        self.heard.append(event)
        self.listener(event)

    def progress(self, subject: str, line: str) -> None:
        """Tell one line of progress, which nobody needs to remember."""
        self.listener(Progress(subject, line))

    def show(self, name: str, *, holds: bool | None, **values: object) -> None:
        """Tell one statement of the scene, with what was measured, and whether it holds.

        Its sentence is `statements.NAME` in the language files, with places for the values.
        None says that it could not be asked here: neither shown nor refuted.
        """
        self.tell(Shown(name, holds, values))


def play(
    scene: Scene, listener: Listener, *, keep: bool = False, root: Path | None = None
) -> Report:
    """Play a scene from its first step to its last, and return what it came to.

    Whatever happens, nothing of what was started stays behind, unless `keep` asks for it.
    Raises DriftError when the scene could not be played.
    """
    with ExitStack() as running:
        run = Run(listener, running, root or paths.root(), scene, keep)
        for number, (name, step) in enumerate(scene.steps.items(), 1):
            listener(StepStarted(name, number))
            start = perf_counter()
            step(run)
            run.tell(StepDone(name, perf_counter() - start))
    result = report(run)
    listener(result)
    return result


def report(run: Run) -> Report:
    """Return what the scene came to, from everything that was told."""
    scene = run.scene
    comparisons = tuple(e.comparison for e in run.heard if isinstance(e, Compared))
    statements = tuple(e for e in run.heard if isinstance(e, Shown))
    allowances = read(run.root / scene.allowed) if scene.allowed else ()
    return Report(
        scene=scene.name,
        expects=scene.expects,
        verdict=verdict(scene.expects, comparisons, statements),
        hosts=tuple(run.servers),
        comparisons=comparisons,
        steps=tuple(e for e in run.heard if isinstance(e, StepDone)),
        idle=tuple(idle(comparisons, allowances)),
        statements=statements,
        measurements=tuple(e for e in run.heard if isinstance(e, Measured)),
    )


def verdict(
    expects: Verdict, comparisons: tuple[Comparison, ...], statements: tuple[Shown, ...]
) -> Verdict:
    """Return what comparisons and statements come to; nothing asked shows nothing.

    One statement that does not hold refutes the scene, whatever the comparisons say.
    """
    asked = [each.holds for each in statements if each.holds is not None]
    if not all(asked):
        return Verdict.REFUTED
    if expects is not Verdict.SHOWN:
        return overall(comparisons)
    return Verdict.SHOWN if asked else Verdict.UNKNOWN


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
