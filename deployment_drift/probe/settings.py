"""Reads small files with settings, whatever their form, as entries that can be compared."""

import re
from collections.abc import Callable, Iterator, Sequence

from deployment_drift.probe.printed import Line, meaningful, steady
from deployment_drift.records import JSON, item

Entries = dict[str, JSON]

DEFINED = re.compile(r"""\s*(?:define|const)\b[\s(]*["']?(\w+)["']?\s*[,=]\s*(.*?)\)?\s*;""")
ASSIGNED = re.compile(r"\s*(?:export\s+)?([$\w.\-\[\]\"'@:>/]+?)\s*=>?\s*(.*)")
SECTION = re.compile(r"\[([^\]]+)\]$")
YAML = re.compile(r"(\s*)(- )?([^:#]+?)\s*:(?:\s+(.*))?$")


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


Parser = Callable[[Sequence[Line]], Entries]
