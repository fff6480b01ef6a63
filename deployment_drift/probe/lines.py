"""Reads lines of configuration: what each of them sets, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

Lines = list[tuple[int, str]]

SECTION = re.compile(r"\[([^\]]+)\]$")
ASSIGNED = re.compile(r"(?:export\s+)?([A-Za-z_][\w.-]*(?:\[[^\]]*\])?)\s*=\s*(.*)$")
DIRECTIVE = re.compile(r"([A-Za-z_][\w.-]*)(?::\s+|\s+)(\S.*)$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that counts: what it sets, and where."""

    key: str
    value: str
    number: int


def files(said: str) -> dict[str, Lines]:
    """Return the numbered lines of each file, which a line `@@ PATH` begins."""
    found: dict[str, Lines] = {}
    for part in re.split(r"^@@ ", said, flags=re.MULTILINE)[1:]:
        path, _, text = part.partition("\n")
        found[path] = [
            (int(number), line)
            for number, tab, line in (row.partition("\t") for row in text.split("\n"))
            if tab and number.isdigit()
        ]
    return found


def parse(lines: Lines, *, sections: bool) -> list[Line]:
    """Return what lines set: `key = value`, `directive value`, or else a line as it is.

    A key that is assigned twice has both values; a directive that stands twice is two lines.
    """
    read = list(_read(lines, sections=sections))
    times: dict[str, int] = {}
    for kind, line in read:
        if kind == "directive":
            times[line.key] = times.get(line.key, 0) + 1
    found: dict[str, Line] = {}
    for kind, line in read:
        each = _whole(line) if kind == "directive" and times[line.key] > 1 else line
        before = found.get(each.key)
        both = before and kind == "assigned" and before.value != each.value
        value = f"{before.value}; {each.value}" if before and both else each.value
        found[each.key] = Line(each.key, value, each.number)
    return list(found.values())


def _read(lines: Lines, *, sections: bool) -> Iterator[tuple[str, Line]]:
    section = ""
    for number, raw in lines:
        text = raw.strip()
        if header := SECTION.match(text):
            section = f"[{header[1]}] " if sections else ""
        elif assigned := ASSIGNED.match(text):
            yield "assigned", Line(section + assigned[1], assigned[2].strip(), number)
        elif directive := DIRECTIVE.match(text):
            yield "directive", Line(section + directive[1], directive[2].strip(), number)
        elif len(text) > 1:
            yield "line", _line(text, number)


def _whole(line: Line) -> Line:
    return _line(f"{line.key} {line.value}", line.number)


def _line(text: str, number: int) -> Line:
    return Line(f"line: {text}", "there", number)
