"""Draws what was measured several times as bars on one scale."""

from collections.abc import Sequence
from math import log10

from rich.table import Table
from rich.text import Text

from deployment_drift.events import Measured, Report
from deployment_drift.report.figures import amount
from deployment_drift.report.language import Language

LONGEST = 48  # columns of the longest bar
TOO_FAR = 50  # beyond this ratio the shorter bars could not be seen on a linear scale
SHORTEST = 0.1  # of the smallest value: where a logarithmic scale begins


def bars(report: Report, language: Language) -> list[Table | Text]:
    """Return, for each figure that has a spread, a bar for each subject, and what the scale is."""
    drawn: list[Table | Text] = []
    for name in dict.fromkeys(each.figure for each in report.measurements):
        found = [each for each in report.measurements if each.figure == name and is_spread(each)]
        if len(found) > 1:
            drawn += [Text(language.say(f"figures.{name}"), "bold"), _rows(found, language)]
            if is_logarithmic([_number(each) for each in found]):
                drawn.append(Text(language.say("bars.logarithmic"), "yellow"))
    return drawn


def is_spread(measured: Measured) -> bool:
    """Tell whether it was measured several times."""
    return measured.lowest is not None and _number(measured) > 0


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


def _rows(found: Sequence[Measured], language: Language) -> Table:
    grid = Table.grid(padding=(0, 1))
    for each, length in zip(found, lengths([_number(each) for each in found]), strict=True):
        subject = language.say(f"measured.{each.subject}")
        grid.add_row(f"   {subject}", Text("█" * length, "cyan"), amount(each.value, each.unit))
    return grid


def _number(measured: Measured) -> float:
    return measured.value if isinstance(measured.value, int | float) else 0.0
