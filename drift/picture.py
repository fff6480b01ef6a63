"""Draws the end of a scene as SVG, as a terminal of 100 columns shows it."""

import html
import re
from collections.abc import Iterator
from importlib.resources import files
from io import StringIO
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from drift.events import Event, Report
from drift.language import LANGUAGES, load
from drift.scenes import NAMES, find
from drift.stage import play
from drift.terminal import WIDTH, Narrator

TEXT = re.compile(r'(<text [^>]*textLength=")([\d.]+)("[^>]*>)([^<]*)(</text>)')


def draw(folder: Path) -> Iterator[Path]:
    """Play each scene, and draw its end in each language; yield the files as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        report = play(find(name), _silent)
        for code in LANGUAGES:
            path = folder / f"{name}.{code}.svg"
            path.write_text(svg(report, code), "utf-8")
            yield path


def svg(report: Report, code: str) -> str:
    """Return what the terminal shows at the end of a scene."""
    console = Console(
        record=True, width=WIDTH, file=StringIO(), force_terminal=True, highlight=False
    )
    Narrator(console, load(code))(report)
    template = files("drift").joinpath("picture.svg").read_text("utf-8")
    title = f"invoke demo-{report.scene}"
    drawn = console.export_svg(title=title, code_format=template, unique_id=report.scene)
    return TEXT.sub(_widened, drawn)


def _widened(match: re.Match[str]) -> str:
    """Give wide characters their two columns: rich counts characters, which lets them overlap."""
    before, length, middle, text, after = match.groups()
    shown = html.unescape(text)
    width = float(length) / len(shown) * cell_len(shown)
    return f"{before}{width:g}{middle}{text}{after}"


def _silent(_: Event) -> None:
    """Say nothing."""
