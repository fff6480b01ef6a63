"""The kinds of virtualization side by side: as the chapter has them, and as runs found them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich import box
from rich.align import VerticalAlignMethod
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from deployment_drift import paths, scenes
from deployment_drift.events import Report
from deployment_drift.report.figures import DRAWN
from deployment_drift.report.language import Language
from deployment_drift.stage.recording import last
from deployment_drift.values import harmless

FILE = Path(__file__).with_suffix(".toml")
Told = tuple[Report, str]
"""What a scene came to, and when that was, if not now."""
Layers = Sequence[tuple[str, str, str]]
"""Layers from the top down: of which kind, what that is called, and what was found there."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run PHP, as a run has found it; without layers where none has.

    typed: what plays it; when: a sentence that says when it was found, or why nothing is drawn.
    """

    subject: str
    typed: str
    when: str
    layers: Layers = ()


def kinds(
    language: Language, told: Report | None = None, recorded: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield each kind with its layers from the top down, and its ways as runs have found them.

    told: what a scene has just come to, or when it was `recorded`; of others it is the last run
    that has shown what it claims.
    """
    drawn = scenes.read(FILE)
    names = {layer: words[language.code] for layer, words in drawn.pop("layers").items()}
    way = partial(_way, names, language, (told, recorded) if told else None)
    for name, kind in drawn.items():
        layers = [*((layer, True) for layer in reversed(kind["each"]))]
        layers += [(layer, False) for layer in reversed(kind["shared"])]
        yield {
            "name": name,
            "title": kind["title"][language.code],
            "text": kind["text"][language.code],
            "layers": [(layer, names[layer], alone) for layer, alone in layers],
            "ways": [
                *map(way, kind["found"]),
                *(each for each in map(way, kind.get("also", ())) if each.layers),
            ],
        }


def _way(names: Mapping[str, str], language: Language, told: Told | None, place: str) -> Way:
    scene, _, subject = place.partition("/")
    title, typed = language.say(f"measured.{subject}"), paths.typed(scenes.command(scene))
    kept = last(scene)
    runs = [told] if told and told[0].scene == scene else []
    runs += [(kept.report, kept.when)] if kept else []
    for report, when in runs:
        if layers := _layers(report, subject, names):
            return Way(title, typed, _dated(when, language), layers)
    older = [_dated(when, language) for _, when in runs if when]
    if older:
        return Way(title, typed, language.say("ways.older", when=older[0], command=typed))
    return Way(title, typed, language.say("ways.unplayed", command=typed))


def _dated(when: str, language: Language) -> str:
    return language.say("ways.found", when=when) if when else language.say("ways.now")


def _layers(report: Report, subject: str, names: Mapping[str, str]) -> Layers:
    """Return what was measured to lie below PHP; none where an older version has written it.

    Such a version knew other kinds, or called anything hardware without looking.
    """
    told = [e.value for e in report.measurements if (e.subject, e.figure) == (subject, DRAWN)]
    found = [layer.partition(" ") for value in told for layer in str(value).split(", ")]
    if not all(kind in names and (name or kind != "hardware") for kind, _, name in found):
        return ()
    return [(kind, names[kind], harmless(name)) for kind, _, name in reversed(found)]


def drawing(language: Language, told: Report | None = None, recorded: str = "") -> Group:
    """Return all ways beside each other for a terminal, each standing on its lowest layer.

    told, recorded: as for `kinds`.
    """
    found = kinds(language, told, recorded)
    ways = [(kind["title"], way) for kind in found for way in kind["ways"]]
    heads = (Text.assemble((title, "bold"), "\n", _broken(way.subject)) for title, way in ways)
    dates = (Text(way.when, "dim") for _, way in ways)
    return Group(
        Text(language.say("ways.title"), "bold"),
        _beside(heads, "top"),
        _beside((_stack(way) for _, way in ways), "bottom"),
        _beside(dates, "top"),
        Text(f"\n{language.say('statements.border')}\n"),
    )


def _beside(cells: Iterable[RenderableType], vertical: VerticalAlignMethod) -> Table:
    """Return one row of cells, all of them of one width."""
    found = list(cells)
    grid = Table.grid(expand=True, padding=(0, 1))
    for _ in found:
        grid.add_column(ratio=1, vertical=vertical, overflow="fold")
    grid.add_row(*found)
    return grid


def _broken(subject: str) -> str:
    """Return what was measured with its remark on a line of its own."""
    return re.sub(r" (?=\()|(?=\uff08)", "\n", subject)


def _stack(way: Way) -> RenderableType:
    if not way.layers:
        return ""
    stack = Table(box=box.SQUARE, show_header=False, show_lines=True, expand=True)
    stack.add_column(overflow="fold")
    for _, label, name in way.layers:
        stack.add_row(Text.assemble((label, "bold"), *(["\n", name] if name else [])))
    return stack
