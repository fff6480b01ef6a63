"""Reads the first screen of `compare` as people do: row by row."""

import re
from dataclasses import dataclass

DIFFERS = "✗"
ROW = re.compile(r"^\s?([✗?~✓])\s")


@dataclass(frozen=True)
class Row:
    """One row of the table, with all of its lines."""

    mark: str
    lines: tuple[str, ...]

    def shows(self, pattern: str) -> bool:
        """Tell whether a line of a row that differs shows it, unbroken."""
        return self.mark == DIFFERS and any(re.search(pattern, line) for line in self.lines)


def rows(screen: str) -> list[Row]:
    """Return the rows of the table: each begins with its mark, and the last ends before a gap."""
    found: list[list[str]] = []
    inside = False
    for line in screen.splitlines():
        if ROW.match(line):
            found.append([])
        inside = bool(ROW.match(line)) or (inside and bool(line.strip()))
        if inside:
            found[-1].append(line)
    return [Row(lines[0].strip()[0], tuple(lines)) for lines in found]


def above(found: list[Row], patterns: list[str]) -> dict[str, int | None]:
    """Return how many rows of other things stand above each pattern's; None where it is not."""
    others = [not any(row.shows(pattern) for pattern in patterns) for row in found]
    places = {p: next((n for n, row in enumerate(found) if row.shows(p)), None) for p in patterns}
    return {p: None if place is None else sum(others[:place]) for p, place in places.items()}
