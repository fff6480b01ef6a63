"""Reads ini files of PHP and php-fpm, line by line: what sets a setting, and who wrote that."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from deployment_drift.records import JSON, item

SET = re.compile(r"\s*([\w.\\$-]+(?:\[[^\]]*\])?)\s*=\s*(.*?)\s*$")
SWITCHES = {"on": "1", "yes": "1", "true": "1", "off": "", "no": "", "false": "", "none": ""}
# A pool as php-fpm's own example has it; everything else was written by somebody.
PACKAGED_POOL = {
    "group": "www-data",
    "listen.group": "www-data",
    "listen.owner": "www-data",
    "pm": "dynamic",
    "pm.max_children": "5",
    "pm.max_spare_servers": "3",
    "pm.min_spare_servers": "1",
    "pm.start_servers": "2",
    "user": "www-data",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line that sets something; `at` is `/etc/php.ini:12`."""

    at: str
    name: str
    value: str

    @property
    def file(self) -> str:
        """The file's path."""
        return self.at.rpartition(":")[0]


@dataclass(slots=True)
class Pool:
    """A pool of php-fpm: PHP's settings, variables and php-fpm's own directives, by name."""

    name: str
    settings: dict[str, Line] = field(default_factory=dict)
    environment: dict[str, Line] = field(default_factory=dict)
    directives: dict[str, Line] = field(default_factory=dict)

    def told(self) -> dict[str, JSON]:
        """Return the directives, with what differs from php-fpm's example marked as own."""
        return {
            name: item(line.value, line.at, own=_own(name, line.value))
            for name, line in self.directives.items()
        }


def _own(name: str, value: str) -> bool:
    return name != "listen" and PACKAGED_POOL.get(name) != value


def plain(value: str) -> str:
    """Return the value of a line without its comment and its quotes."""
    quoted = re.match(r"""(["'])(.*?)\1""", value)
    return quoted[2] if quoted else value.partition(";")[0].strip()


def read_lines(text: str) -> list[tuple[str, str]]:
    """Return the place and the text of each line as grep prints it, `/etc/php.ini:12:a = b`."""
    found = (re.match(r"(/[^:\n]*:\d+):(.*)", line) for line in text.splitlines())
    return [(each[1], each[2]) for each in found if each]


def setting_lines(text: str) -> list[Line]:
    """Return the lines of `read_lines` that set something."""
    pairs = ((at, SET.match(line)) for at, line in read_lines(text))
    return [Line(at, match[1], plain(match[2])) for at, match in pairs if match]


def pools(text: str) -> list[Pool]:
    """Return the pools in the lines of php-fpm's configuration, and `global` where it is set."""
    found: dict[str, Pool] = {}
    pool = Pool("global")
    for at, line in read_lines(text):
        heading = re.match(r"\s*\[([^\]]+)\]\s*$", line)
        match = SET.match(line)
        if heading:
            pool = found.setdefault(heading[1], Pool(heading[1]))
        elif match and match[1] != "include":
            _add(pool, Line(at, match[1], plain(match[2])))
    return list(found.values())


def _add(pool: Pool, line: Line) -> None:
    kind, bracket, rest = line.name.partition("[")
    name = rest.removesuffix("]")
    if not bracket:
        pool.directives[line.name] = line
    elif kind == "env":
        pool.environment[name] = Line(line.at, name, line.value)
    elif name:  # an administrator's value cannot be overridden by one that follows
        before = pool.settings.get(name)
        if before is None or kind.startswith("php_admin"):
            pool.settings[name] = Line(line.at, name, SWITCHES.get(line.value.lower(), line.value))


def stock(text: str) -> frozenset[tuple[str, str]]:
    """Return the settings of packaged ini files: names and values."""
    matches = (SET.match(line) for line in text.splitlines())
    return frozenset((match[1], plain(match[2])) for match in matches if match)


def corrected(
    values: Mapping[str, JSON], lines: Iterable[Line], defaults: Mapping[str, str]
) -> dict[str, JSON]:
    """Return values in which some are as the files say, and as PHP's defaults where they do not.

    defaults: those which were hidden from the asked PHP, or which its interface overrides.
    """
    said = {line.name: SWITCHES.get(line.value.lower(), line.value) for line in lines}
    hidden = {name: said.get(name, default) for name, default in defaults.items() if name in values}
    return {**values, **hidden}


def told(
    values: Mapping[str, JSON], lines: Sequence[Line], packaged: frozenset[tuple[str, str]]
) -> dict[str, JSON]:
    """Return settings with the lines that set them; own is a line that no packaged file has.

    Where there is no packaged file to compare with, nobody knows, and nothing is own.
    """
    last = {line.name: line for line in lines}
    return {
        name: _told(value, last[name], packaged) if name in last else value
        for name, value in values.items()
    }


def _told(value: JSON, line: Line, packaged: frozenset[tuple[str, str]]) -> JSON:
    return item(value, line.at, own=bool(packaged) and (line.name, line.value) not in packaged)
