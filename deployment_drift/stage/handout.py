"""The handout: one page that holds a whole talk, made of what its last runs have shown."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from deployment_drift import claims, files, paths, scenes
from deployment_drift.compare.finding import Finding
from deployment_drift.errors import DriftError
from deployment_drift.events import Found, Measured, Report, StepDone
from deployment_drift.report.document import last as remembered
from deployment_drift.report.figures import (
    amount,
    figure_rows,
    is_logarithmic,
    lengths,
    number,
    spreads,
    statement,
)
from deployment_drift.report.language import Language
from deployment_drift.report.rows import chosen, found_in, heads, hosts, row
from deployment_drift.report.table import bundled, remarks, sentence
from deployment_drift.scene import Scene
from deployment_drift.stage.kinds import kinds
from deployment_drift.stage.recording import Recording, last
from deployment_drift.stage.screen import commands
from deployment_drift.values import sanitized

if TYPE_CHECKING:
    from markupsafe import Markup

FOLDER = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 120
"""Seconds within which a page is printed."""
WHOLE = 100  # per cent, of the longest bar
OWN_PORT = re.compile(r":\d+$")
"""Of a page's address: each start gets another, which `--keep` says."""


def write(path: Path, language: Language) -> list[str]:
    """Write the handout, and return what is typed for the scenes that were not shown yet.

    Raises DriftError where no scene has shown yet what it claims, or the file cannot be written.
    """
    story = [scene for scene in scenes.story() if not scene.command]
    shown = [(scene, kept) for scene in story if (kept := last(scene.name))]
    if not shown:
        hint = paths.typed("talk")
        raise DriftError("no scene has been shown yet: there is nothing to hand out", hint=hint)
    files.write(path, page(shown, language))
    return [scene.typed for scene in story if scene not in [each for each, _ in shown]]


def page(shown: Sequence[tuple[Scene, Recording]], language: Language) -> str:
    """Return the page of these scenes as HTML that needs nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    drawer = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    drawer.filters["marked"] = marked
    drawn = list(kinds(language))
    return drawer.get_template("handout.html").render(
        code=language.code,
        say=language.say,
        days=sorted({kept.when.split()[0] for _, kept in shown}),
        kinds=drawn,
        tallest=max(len(kind["layers"]) for kind in drawn),
        highest=max(len(way.layers) for kind in drawn for way in kind["ways"]),
        scenes=[_scene(scene, kept, language) for scene, kept in shown],
        claims=[sanitized(each) for each in claims.document(remembered, language)],
    )


def marked(text: str) -> "Markup":
    """Return a text in which what can be typed, which stands between backticks, is code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 -- escaped


def _scene(scene: Scene, kept: Recording, language: Language) -> dict[str, Any]:
    """Return what the page says of a scene: its story, its figures, its table, what to type."""
    report = sanitized(kept.report)
    found = bundled(found_in(report, language))
    told = chosen(found, report, language, full=False)
    elsewhere = [replace(host, url=OWN_PORT.sub(":PORT", host.url)) for host in report.hosts]
    return {
        "name": scene.name,
        "command": f"./invoke {scene.typed}",
        "when": kept.when,
        "steps": [_step(scene, step, language) for step in report.steps],
        "statements": [statement(each, language).plain.strip() for each in report.statements],
        "figures": figure_rows(report, language) if report.measurements else [],
        "charts": list(charts(report, language)),
        "heads": heads(hosts(report), language) if told else [],
        "rows": [_row(each, language) for each in told],
        "remarks": [text for text, _ in remarks(report, found, told, language)],
        "verdict": sentence(report, language),
        "versions": sanitized(_facts(kept, language)),
        "typed": [line for step in scene.steps for line in commands(scene.name, step, elsewhere)],
    }


def _step(scene: Scene, step: StepDone, language: Language) -> dict[str, str]:
    return {
        "title": language.say(f"steps.{step.name}"),
        "note": language.note(scene.name, step.name),
        "seconds": amount(step.seconds, "s"),
    }


def _row(finding: Finding, language: Language) -> dict[str, Any]:
    made = row(finding, language, places=False)
    return {
        "mark": made.mark.text,
        "verdict": finding.verdict,
        "name": made.name,
        "cells": [" ".join(line.text for line in cell) for cell in made.cells],
        "why": " ".join(line.text for line in made.why),
    }


def charts(report: Report, language: Language) -> Iterator[dict[str, Any]]:
    """Yield what was measured of several subjects as bars, their lengths in per cent."""
    for name, measured in spreads(report).items():
        values = [number(each) for each in measured]
        yield {
            "title": language.say(f"figures.{name}"),
            "logarithmic": is_logarithmic(values),
            "bars": list(_bars(measured, values, language)),
        }


def _bars(
    measured: Sequence[Measured], values: Sequence[float], language: Language
) -> Iterator[tuple[str, int, str]]:
    for each, length in zip(measured, lengths(values, WHOLE), strict=True):
        yield language.say(f"measured.{each.subject}"), length, amount(each.value, each.unit)


def _facts(kept: Recording, language: Language) -> list[tuple[str, list[str]]]:
    """Return what a scene found: which engine, which images; a subject with all of its lines."""
    found: list[tuple[str, list[str]]] = []
    for step in kept.steps.values():
        for event in (event for _, event in step if isinstance(event, Found)):
            if event.subject.strip() or not found:
                found.append((event.subject, []))
            found[-1][1].append(language.fact(event))
    return found


def print_pdf(page: Path, path: Path) -> None:
    """Print the page into a PDF by the browser of this machine.

    Raises DriftError where there is none, or it fails.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise DriftError("there is no Chromium here that prints a PDF", hint="apt install chromium")
    with TemporaryDirectory() as profile:
        printed = Path(profile) / "handout.pdf"
        options = ["--headless", "--no-pdf-header-footer", f"--user-data-dir={profile}"]
        options += ["--no-sandbox"] * (os.geteuid() == 0)  # Chromium refuses root one
        ended = subprocess.run(
            [found, *options, f"--print-to-pdf={printed}", page.resolve().as_uri()],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        if not printed.is_file():
            raise DriftError("Chromium has printed no PDF", detail=ended.stderr[-500:])
        files.write(path, printed.read_bytes())
