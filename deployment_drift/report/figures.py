"""What a scene measured and stated, as a table and as sentences."""

from rich import box
from rich.table import Table
from rich.text import Text

from deployment_drift.events import Measured, Report, Shown
from deployment_drift.report.language import Language

KIB = 1024
MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("-", "yellow")}


def statement(shown: Shown, language: Language) -> Text:
    """Return a statement's sentence, marked by whether it holds."""
    sentence = language.say(f"statements.{shown.name}", **shown.values)
    mark, style = MARKS[shown.holds]
    return Text.assemble("   ", (mark, style), " ", sentence, overflow="fold")


def figures(report: Report, language: Language) -> Table:
    """Return the measurements: a row each figure, a column each subject."""
    subjects = list(dict.fromkeys(each.subject for each in report.measurements))
    names = list(dict.fromkeys(each.figure for each in report.measurements))
    found = {(each.figure, each.subject): each for each in report.measurements}
    grid = Table("", box=box.SIMPLE_HEAD, expand=True)
    for subject in subjects:
        grid.add_column(language.say(f"measured.{subject}"), overflow="fold")
    for name in names:
        cells = [_cell(found.get((name, subject))) for subject in subjects]
        grid.add_row(Text(language.say(f"figures.{name}"), "bold"), *cells)
    return grid


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
