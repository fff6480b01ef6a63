"""Draws what a scene has shown as SVG, as a terminal of 100 columns does."""

import html
import re
from importlib.resources import files
from io import StringIO

from rich.cells import cell_len
from rich.console import Console

from deployment_drift.events import Report
from deployment_drift.report.figures import statement
from deployment_drift.report.language import load
from deployment_drift.report.terminal import PLAIN, WIDTH, Narrator
from deployment_drift.values import told

TEXT = re.compile(r'(<text [^>]*textLength=")([\d.]+)("[^>]*>)([^<]*)(</text>)')


def svg(report: Report, code: str) -> str:
    """Return what the terminal shows: what was stated, and the end of the scene."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, **PLAIN)
    language, report = load(code), told(report)
    for shown in report.statements:
        console.print(statement(shown, language))
    Narrator(console, language)(report)
    template = files("deployment_drift.report").joinpath("picture.svg").read_text("utf-8")
    title = f"invoke demo-{report.scene}"
    drawn = console.export_svg(title=title, code_format=template, unique_id=report.scene)
    return TEXT.sub(_widened, drawn)


def _widened(match: re.Match[str]) -> str:
    """Give wide characters their two columns: rich counts characters, which lets them overlap."""
    before, length, middle, text, after = match.groups()
    shown = html.unescape(text)
    width = float(length) / len(shown) * cell_len(shown)
    return f"{before}{width:g}{middle}{text}{after}"
