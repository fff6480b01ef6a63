"""What a scene measured and stated: sentences, a table, and bars on one scale."""

from collections.abc import Sequence
from math import log10

from rich import box
from rich.table import Table
from rich.text import Text

from deployment_drift.events import Measured, Report, Shown
from deployment_drift.report.language import Language

DRAWN = "layers"
"""The figure that is drawn, not set in a table: what lies below PHP, by commas, from below.

Each is a kind of layer, as stage/kinds.toml has them, and what was found there.
"""
KIB = 1024
LONGEST = 48  # columns of the longest bar
TOO_FAR = 50  # beyond this ratio the shorter bars could not be seen on a linear scale
SHORTEST = 0.1  # of the smallest value: where a logarithmic scale begins
MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("-", "yellow")}


def statement(shown: Shown, language: Language) -> Text:
    """Return a statement's sentence, marked by whether it holds."""
    sentence = language.say(f"statements.{shown.name}", **shown.values)
    mark, style = MARKS[shown.holds]
    return Text.assemble("   ", (mark, style), " ", sentence, overflow="fold")


def figures(report: Report, language: Language) -> Table:
    """Return the measurements: a row each figure, a column each subject."""
    subjects, *rows = figure_rows(report, language)
    grid = Table("", box=box.SIMPLE_HEAD, expand=True)
    for subject in subjects[1:]:
        grid.add_column(subject, overflow="fold")
    for name, *cells in rows:
        grid.add_row(Text(name, "bold"), *cells)
    return grid


def is_drawn(report: Report) -> bool:
    """Tell whether a scene has found what lies below PHP."""
    return any(each.figure == DRAWN for each in report.measurements)


def figure_rows(report: Report, language: Language) -> list[list[str]]:
    """Return the measurements as rows of text, the first of which names the subjects."""
    listed = [each for each in report.measurements if each.figure != DRAWN]
    subjects = list(dict.fromkeys(each.subject for each in listed))
    names = list(dict.fromkeys(each.figure for each in listed))
    found = {(each.figure, each.subject): each for each in listed}
    head = ["", *(language.say(f"measured.{subject}") for subject in subjects)]
    cells = {name: [_cell(found.get((name, s))) for s in subjects] for name in names}
    return [head, *([language.say(f"figures.{name}"), *cells[name]] for name in names)]


def _cell(measured: Measured | None) -> str:
    if measured is None:
        return "-"
    return amount(measured.value, measured.unit) + _spread(measured)


def _spread(measured: Measured) -> str:
    if measured.lowest is None or measured.highest is None:
        return ""
    ends = (amount(end, measured.unit) for end in (measured.lowest, measured.highest))
    return f" ({' … '.join(ends)})"


def amount(value: float | str, unit: str) -> str:
    """Return a value with its unit, as short as people say it: `0.31 s`, `14 MiB`."""
    if isinstance(value, str):
        return value
    if unit == "s":
        return f"{value:.3f} s" if value < 1 else f"{value:.1f} s"
    if unit != "B":
        return f"{value:g}"
    for name in ("B", "KiB", "MiB"):
        if value < KIB:
            return f"{value:.0f} {name}"
        value /= KIB
    return f"{value:.1f} GiB"


def bars(report: Report, language: Language) -> list[Table | Text]:
    """Return, for each figure that has a spread, a bar for each subject, and what the scale is."""
    drawn: list[Table | Text] = []
    for name, found in spreads(report).items():
        drawn += [Text(language.say(f"figures.{name}"), "bold"), _bars(found, language)]
        if is_logarithmic([number(each) for each in found]):
            drawn.append(Text(language.say("bars.logarithmic"), "yellow"))
    return drawn


def spreads(report: Report) -> dict[str, list[Measured]]:
    """Return what can be drawn on one scale: each figure that was measured of several subjects."""
    found: dict[str, list[Measured]] = {}
    for each in filter(is_spread, report.measurements):
        found.setdefault(each.figure, []).append(each)
    return {name: measured for name, measured in found.items() if len(measured) > 1}


def is_spread(measured: Measured) -> bool:
    """Tell whether it was measured several times."""
    return measured.lowest is not None and number(measured) > 0


def is_logarithmic(values: Sequence[float]) -> bool:
    """Tell whether the values lie too far apart for a linear scale."""
    return max(values) / min(values) > TOO_FAR


def lengths(values: Sequence[float], longest: int = LONGEST) -> list[int]:
    """Return the bars' lengths in columns, at least one each.

    On a logarithmic scale the same distance is the same factor wherever it lies.
    """
    if is_logarithmic(values):
        begin, end = log10(min(values) * SHORTEST), log10(max(values))
        shares = [(log10(value) - begin) / (end - begin) for value in values]
    else:
        shares = [value / max(values) for value in values]
    return [max(1, round(share * longest)) for share in shares]


def _bars(found: Sequence[Measured], language: Language) -> Table:
    grid = Table.grid(padding=(0, 1))
    for each, length in zip(found, lengths([number(each) for each in found]), strict=True):
        subject = language.say(f"measured.{each.subject}")
        grid.add_row(f"   {subject}", Text("█" * length, "cyan"), amount(each.value, each.unit))
    return grid


def number(measured: Measured) -> float:
    """Return what was measured as a number, 0 where it is a text."""
    return measured.value if isinstance(measured.value, int | float) else 0.0
