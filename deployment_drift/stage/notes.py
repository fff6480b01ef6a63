"""The speaker's notes in a second terminal: what to say, what comes next, and by which minute."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from rich.console import Group
from rich.live import Live
from rich.text import Text

from deployment_drift import files, paths
from deployment_drift.errors import DriftError
from deployment_drift.events import Event, Listener
from deployment_drift.parallel import Cancel
from deployment_drift.report.document import line
from deployment_drift.report.language import Language
from deployment_drift.report.layout import Prose
from deployment_drift.report.terminal import console, spread
from deployment_drift.scene import Scene

OFTEN = 0.1
"""Seconds between two looks at what was told."""
QUESTION = ""
"""What stands for a step where a scene asks its question."""
MINUTE = 60
Plan = Mapping[tuple[str, str], float]
"""The minute at which each step of a scene should begin."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a talk is: `begun` when, in which scene and step, and what is wrong there."""

    begun: datetime | None = None
    scene: str = ""
    step: str = QUESTION
    steps: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def following(self) -> str:
        """The step that comes next, "" behind the last."""
        places = [QUESTION, *self.steps, ""]
        return places[places.index(self.step) + 1]


def plan(scenes: Sequence[Scene], minutes: float, language: Language) -> Plan:
    """Return when each step should begin, where all has as much time as there is to say of it."""
    places = [(scene.name, step) for scene in scenes for step in (QUESTION, *scene.steps)]
    lengths = [len(said(language, *place)) for place in places]
    before = [sum(lengths[:number]) for number in range(len(places))]
    return {
        place: minutes * length / sum(lengths) for place, length in zip(places, before, strict=True)
    }


def said(language: Language, scene: str, step: str) -> str:
    """Return what a speaker says at a step, or to a scene's question."""
    return language.note(scene, step) if step else language.say(f"questions.{scene}")


@contextmanager
def told() -> Iterator[list[Listener]]:
    """Yield who writes down what a second terminal reads; without a place to write it, nobody."""
    with ExitStack() as stack:
        listeners: list[Listener] = []
        with suppress(OSError, DriftError):
            _file().unlink(missing_ok=True)
            descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.PRIVATE)
            stack.callback(os.close, descriptor)
            stack.callback(_file().unlink, missing_ok=True)
            listeners.append(partial(_write, descriptor))
        yield listeners


def _write(descriptor: int, event: Event) -> None:
    with suppress(OSError):  # a full disk must not end a talk
        os.write(descriptor, f"{line(event, 0)}\n".encode())


def _file() -> Path:
    return paths.state() / "talk.jsonl"


def follow(told: Sequence[Scene], minutes: float, language: Language) -> None:
    """Show the notes of the talk that is given in another terminal, until Ctrl-C."""
    planned = plan(told, minutes, language)
    with Live(console=console(), screen=True, auto_refresh=False) as live:
        for place in places(_file()):
            live.update(page(place, planned, language, datetime.now(UTC)), refresh=True)
            Cancel().pause(OFTEN)


def places(path: Path) -> Iterator[Place]:
    """Yield where the talk is, again and again, as far as it has been written down."""
    while True:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            yield Place()
            continue
        with file:
            yield from _places(file)


def _places(file: BinaryIO) -> Iterator[Place]:
    """Yield where a talk is as long as its file has a name, which it loses in the end."""
    place, rest = Place(), b""
    while os.fstat(file.fileno()).st_nlink:
        whole, _, rest = (rest + file.read()).rpartition(b"\n")
        for told in whole.splitlines():
            place = after(place, json.loads(told))
        yield place


def after(place: Place, event: Mapping[str, Any]) -> Place:
    """Return where a talk is after an event."""
    match event["event"]:
        case "scene_started":
            begun = place.begun or datetime.fromisoformat(event["date"])
            return Place(begun, event["name"], QUESTION, tuple(event["steps"]))
        case "step_started":
            return replace(place, step=event["name"], wrong=())
        case "shown" if event["holds"] is False:
            return replace(place, wrong=(*place.wrong, f"✗ {event['name']}"))
        case "report" if event["verdict"] != event["expects"]:
            return replace(place, wrong=(*place.wrong, f"✗ {event['verdict']}"))
    return place


def page(place: Place, planned: Plan, language: Language, now: datetime) -> Group:
    """Return what the speaker reads: the time, what to say now, and what comes next."""
    if not place.begun:
        return Group(Text(language.say("stage.waiting", command=paths.typed("talk"))))
    late = (now - place.begun).total_seconds() / MINUTE
    due = planned.get((place.scene, place.step))
    plan = language.say("stage.due", due=clock(due)) if due is not None else ""
    following = heading(place, place.following, language) if place.following else ""
    return Group(
        spread(language.say(f"titles.{place.scene}"), f"{clock(late)} {plan}", console().width),
        Text(f"\n{heading(place, place.step, language)}\n", "cyan"),
        Prose(said(language, place.scene, place.step), "bold"),
        *(Text(wrong, "bold red") for wrong in place.wrong),
        Text(f"\n→ {following}", "dim") if following else Text(),
        Prose(said(language, place.scene, place.following) if following else "", "dim"),
    )


def heading(place: Place, step: str, language: Language) -> str:
    """Return a step's number and name, or the scene's own where it has not begun."""
    return f"{place.steps.index(step) + 1}  {language.say(f'steps.{step}')}" if step else ""


def clock(minutes: float) -> str:
    """Return minutes as a watch shows them, `3:05`."""
    whole, seconds = divmod(round(minutes * MINUTE), MINUTE)
    return f"{whole}:{seconds:02}"
