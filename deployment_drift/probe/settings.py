"""Reads files with settings, whatever their form: what each line sets, and where."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from deployment_drift.probe.printed import Line, meaningful, steady
from deployment_drift.records import JSON, item

Entries = dict[str, JSON]
Lines = Sequence[tuple[int, str]]
FILES = 4_000  # that are remembered: most are the same on the next host

DEFINED = re.compile(r"""\s*(?:define|const)\b[\s(]*["']?(\w+)["']?\s*[,=]\s*(.*?)\)?\s*;""")
ASSIGNED = re.compile(r"\s*(?:export\s+)?([$\w.\-\[\]\"'@:>/]+?)\s*=>?\s*(.*)")
SECTION = re.compile(r"\[([^\]]+)\]$")
YAML = re.compile(r"(\s*)(- )?([^:#]+?)\s*:(?:\s+(.*))?$")
ASSIGNMENT = re.compile(r"(?:export\s+)?([A-Za-z_][\w.-]*(?:\[[^\]]*\])?)\s*=\s*(.*)$")
DIRECTIVE = re.compile(r"([A-Za-z_][\w.-]*)(?::\s+|\s+)(\S.*)$")


def entries(lines: Sequence[Line]) -> Entries:
    """Return the settings of a file, `{"memory_limit": item}`; other lines stand for themselves."""
    name = lines[0].file if lines else ""
    read = _yaml if name.endswith((".yaml", ".yml", ".neon")) else _plain
    found: dict[str, list[tuple[str, Line]]] = {}
    for key, value, line in read(lines):
        found.setdefault(steady(key), []).append((value, line))
    return {key: _item([value for value, _ in same], same[-1][1]) for key, same in found.items()}


def _item(values: Sequence[str], line: Line) -> JSON:
    return item(values[0] if len(values) == 1 else list(values), line.at, own=True)


def _plain(lines: Sequence[Line]) -> Iterator[tuple[str, str, Line]]:
    section = ""
    for line in meaningful(lines, "#;"):
        if line.text.startswith(("<?php", "//", "/*", "* ", "*/")):
            continue
        if header := SECTION.match(line.text):
            section = f"{header[1]}: "
        elif found := DEFINED.match(line.text) or ASSIGNED.match(line.text):
            yield section + found[1], _bare(found[2]), line
        else:
            yield section + line.text, "set", line


def _yaml(lines: Sequence[Line]) -> Iterator[tuple[str, str, Line]]:
    """Name each value by the keys above it, `framework.session.handler_id`."""
    above: list[tuple[int, str]] = []
    for line in lines:
        if not line.text.strip() or line.text.lstrip().startswith("#"):
            continue
        found = YAML.match(line.text)
        indent = len(line.text) - len(line.text.lstrip())
        above = [(depth, key) for depth, key in above if depth < indent]
        key = ".".join([*(key for _, key in above), (found[3] if found else line.text).strip()])
        if found and not found[4]:
            above.append((indent, found[3].strip()))
        else:
            yield key, _bare(found[4]) if found else "set", line


def _bare(value: str) -> str:
    text = re.sub(r"\s+[#;].*$", "", value.strip()).rstrip(";,")
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return steady(text[1:-1] if quoted else text)


class Setting(NamedTuple):  # made for each line of /etc, which takes a dataclass twice as long
    """One line that counts: what it sets, and where."""

    key: str
    value: str
    number: int


def files(said: str) -> dict[str, Lines]:
    """Return the numbered lines of each file, which a line `@@ PATH` begins."""
    found: dict[str, Lines] = {}
    for part in re.split(r"^@@ ", said, flags=re.MULTILINE)[1:]:
        path, _, text = part.partition("\n")
        found[path] = _numbered(text)
    return found


@lru_cache(FILES)
def _numbered(text: str) -> Lines:
    return tuple(
        (int(number), line)
        for number, tab, line in (row.partition("\t") for row in text.split("\n"))
        if tab and number.isdigit()
    )


def parse(lines: Lines, *, sections: bool) -> Sequence[Setting]:
    """Return what lines set: `key = value`, `directive value`, or else a line as it is.

    A key that is assigned twice has both values; a directive that stands twice is two lines.
    """
    return _parsed(tuple(lines), sections=sections)


@lru_cache(FILES)
def _parsed(lines: Lines, *, sections: bool) -> Sequence[Setting]:
    read = list(_read(lines, sections=sections))
    times: dict[str, int] = {}
    for kind, line in read:
        if kind == "directive":
            times[line.key] = times.get(line.key, 0) + 1
    found: dict[str, Setting] = {}
    for kind, line in read:
        each = _whole(line) if kind == "directive" and times[line.key] > 1 else line
        before = found.get(each.key)
        both = before and kind == "assigned" and before.value != each.value
        value = f"{before.value}; {each.value}" if before and both else each.value
        found[each.key] = Setting(each.key, value, each.number)
    return tuple(found.values())


def _read(lines: Lines, *, sections: bool) -> Iterator[tuple[str, Setting]]:
    section = ""
    for number, raw in lines:
        text = raw.strip()
        if header := SECTION.match(text):
            section = f"[{header[1]}] " if sections else ""
        elif assigned := ASSIGNMENT.match(text):
            yield "assigned", Setting(section + assigned[1], assigned[2].strip(), number)
        elif directive := DIRECTIVE.match(text):
            yield "directive", Setting(section + directive[1], _spaced(directive[2]), number)
        elif len(text) > 1:
            yield "line", _line(_spaced(text), number)


def _spaced(text: str) -> str:
    """Return a text with one blank between words: how columns are aligned is no setting."""
    return " ".join(text.split())


def _whole(line: Setting) -> Setting:
    return _line(f"{line.key} {line.value}", line.number)


def _line(text: str, number: int) -> Setting:
    return Setting(f"line: {text}", "there", number)
