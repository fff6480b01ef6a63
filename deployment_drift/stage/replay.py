"""Tells a recorded scene as if it were played: the same listeners, and no engine."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from rich.console import Console

from deployment_drift.cli import Telling
from deployment_drift.errors import DriftError
from deployment_drift.events import Listener, Report
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.report.language import Language, speak
from deployment_drift.report.terminal import Narrator, console
from deployment_drift.run import Gate, Run, lead
from deployment_drift.scene import Scene
from deployment_drift.stage.keys import BACK, keys, number
from deployment_drift.stage.kinds import drawing
from deployment_drift.stage.recording import Recording, read
from deployment_drift.stage.screen import Stage


@dataclass
class Replay(Run):
    """A run whose steps tell what was recorded. `speed`: how many times as fast."""

    recorded: Recording = field(kw_only=True)
    speed: float = 1.0

    def play(self, name: str) -> None:
        """Tell a step at its own pace."""
        told = self.recorded.steps[name]
        before = told[0][0]
        for at, event in told:
            Cancel().pause(max(at - before, 0) / self.speed)
            self.tell(event)
            before = at
        self._standing.add(name)

    def lead_to(self, name: str) -> None:
        """Tell at once what comes before a step and was not told yet."""
        pace, self.speed = self.speed, math.inf
        super().lead_to(name)
        self.speed = pace

    def report(self) -> Report:
        """Tell what it came to then, and return it."""
        self.tell(self.recorded.report)
        return self.recorded.report


def tell(
    recorded: Recording, *listeners: Listener, gate: Gate = lambda name: name, speed: float = 1.0
) -> Report:
    """Tell a recording to listeners as a scene that is played, and return what it came to."""
    began = recorded.began
    scene = Scene(began.name, began.expects, dict.fromkeys(began.steps, lambda _: None))
    run = Replay(scene, Path(), listeners, recorded=recorded, speed=speed)
    run.tell(began)
    lead(run, gate)
    return run.report()


def rehearse(recorded: Recording, language: Language) -> None:
    """See that everything in a recording can be said.

    Raises DriftError where it was made by a version of this project that had other sentences.
    """
    try:
        tell(recorded, Narrator(Console(file=StringIO()), language), speed=math.inf)
    except (LookupError, ValueError) as error:
        raise DriftError(
            f"the recording of {recorded.when} says what this version does not know: {error}",
            hint=typed("demo-drift --events FILE"),
        ) from error


def replay(path: Path, how: Telling, speed: str) -> int:
    """Tell each scene of a file of events; the worst of their statuses is its own.

    Raises DriftError where the file is no recording, or no keys can be pressed.
    """
    language, pace = speak(how.lang), paced(speed)
    found = read(path)
    for recorded in found:
        rehearse(recorded, language)
    with narrators(how, language) as narrator:
        return max(_told(recorded, narrator, pace) for recorded in found)


def paced(speed: str) -> float:
    """Return the number that was typed for how many times as fast.

    Raises DriftError where it is none, or 0.
    """
    if not (pace := number("--speed", speed)):
        raise DriftError("--speed 0: nothing would ever be told", hint="--speed 1")
    return pace


@contextmanager
def narrators(how: Telling, language: Language) -> Iterator[Narrator]:
    """Yield who tells: step by step where that is asked for."""
    if how.step or how.auto:
        with keys(how.auto) as pressed:
            yield Stage(console(), language, pressed, full=how.full)
    else:
        yield Narrator(console(), language, full=how.full, drawing=drawing)


def _told(recorded: Recording, narrator: Narrator, speed: float) -> int:
    narrator.recorded = recorded.when
    try:
        if not isinstance(narrator, Stage):
            return tell(recorded, narrator, speed=speed).status
        while True:
            status = tell(recorded, narrator, gate=narrator.gate, speed=speed).status
            if narrator.rest() != BACK:
                return status
    finally:
        narrator.live.stop()
