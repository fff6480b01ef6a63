"""Settings of the databases and caches that run on a host, as they are in effect there."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from deployment_drift.errors import UnknownError
from deployment_drift.probe.changes import Changes
from deployment_drift.probe.collect import Facts
from deployment_drift.probe.settings import parse
from deployment_drift.records import item

Entries = dict[str, Any]
SERVER_SECTION = re.compile(
    r"\[((mysqld|mariadbd?)(-[\d.]+)?|server|galera)\]|[^\[]"
)  # others are not its own
DRAWN = re.compile(  # made of the host's name, its memory or its CPUs
    r"(hostname|pid_file|.*log_file|log_basename|.*relay_log.*|thread_pool_size|report_host"
    r"|innodb_(page_cleaners|purge_threads)|wsrep_node_.*|tmpdir|log_slow_query_file|server_uu?id)"
)
ARGUMENTS = "its arguments"
GIVEN = re.compile(r"--([A-Za-z][\w.-]*)(?:[= ]\s*(.*))?|(-[A-Za-z])\s*(.*)")
SWITCHES = {"skip_": "FALSE", "disable_": "FALSE", "enable_": "TRUE"}
BYTES = {"K": 2**10, "M": 2**20, "G": 2**30}
ON, OFF = {"on", "true", "yes"}, {"off", "false", "no"}
OPTION = re.compile(r"(?<!\S)(--[A-Za-z][\w-]*|-[A-Za-z])(?:[ =]?([^-\s]\S*))?")
COMMENT = re.compile(r"\s+#.*")
SHORT = {"N": "max_connections", "B": "shared_buffers", "p": "port", "h": "listen_addresses"}
ABOVE = {"kB": "MB", "MB": "GB"}  # of PostgreSQL's units, each is 1024 of the one before
REDIS_SIZES = re.compile(r"maxmemory|.*-(bytes|size|limit|entries|memory)")
REDIS_UNITS = {"": 1, "k": 10**3, "kb": 2**10, "m": 10**6, "mb": 2**20, "g": 10**9, "gb": 2**30}
REPEATED = {  # directives of Redis of which each counts, not the last one alone
    *("save", "user", "rename-command", "client-output-buffer-limit", "loadmodule", "include"),
}

REWRITTEN = "latency-tracking-info-percentiles"  # CONFIG REWRITE writes it, and Redis 7's defaults
USUAL = {
    REWRITTEN: {"50 99 99.9"},
    "save": {"3600 1", "300 100", "60 10000", "3600 1 300 100 60 10000"},
    "user": {"default on nopass sanitize-payload ~* &* +@all"},
}


class Told(NamedTuple):
    """One line of a file, or one argument: what it sets, and where it is."""

    path: str
    number: int
    text: str


class Databases:
    """The databases and caches of one host, of which nobody logs in to any."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._changes = Changes(facts)

    @property
    def settings(self) -> Entries | None:
        """Settings in effect, by service and name."""
        found = {
            "MariaDB or MySQL": self._mysql(),
            "PostgreSQL": self._postgres(),
            "Redis": self._redis(),
            "Memcached": self._memcached(),
        }
        there = {name: settings for name, settings in found.items() if settings}
        return there or None

    def _mysql(self) -> Entries | None:
        said = self._facts.text("mysql-settings")
        if said is None:
            return None
        if not said.strip():
            raise UnknownError("mysql-settings: the database did not give its settings")
        rows = (line.partition(" ") for line in said.splitlines())
        listed = {name: value.strip() for name, _, value in rows}
        places = self._mysql_places
        found = {
            name: {"at": "", "own": False, **places.get(name, {}), "is": value}
            for name, value in listed.items()
        } | self._mysql_given(listed)
        return {name: each for name, each in found.items() if not DRAWN.fullmatch(name)}

    @cached_property
    def _mysql_places(self) -> dict[str, dict[str, Any]]:
        configuration = self._changes.configuration or {}
        return {
            re.sub(r"^\[[^\]]*\] |^line: ", "", key).replace("-", "_"): each
            for path, entries in configuration.items()
            if path.startswith(("/etc/mysql/", "/etc/my.cnf", "/etc/mariadb"))
            for key, each in entries.items()
            if SERVER_SECTION.match(key)
        }

    def _mysql_given(self, listed: Mapping[str, str]) -> Entries:
        """Return what it was started with, which goes above its files."""
        said = self._facts.text("mysql-given") or ""
        options = (GIVEN.fullmatch(line.strip()) for line in said.splitlines())
        pairs = (_mysql_option(each, listed) for each in options if each)
        return {
            name: item(value, ARGUMENTS, own=True)
            for name, value in pairs
            if not re.match(r"(no_)?defaults", name)
        }

    def _postgres(self) -> Entries | None:
        """Return what its files set, and who may log in; the last value of a setting counts."""
        said = self._facts.text("postgres-files")
        if said is None:
            return None
        found: Entries = {}
        for line in told(said):
            given = SHORT.get(line.text[1:2], "") if line.text.startswith("-") else ""
            text = f"{given} = {line.text[2:].strip()}" if given else line.text
            for each in parse([(line.number, text)], sections=False):
                found[each.key] = self._item(_postgres_value(each.value), line)
        return {**found, **self._postgres_access()}

    def _postgres_access(self) -> Entries:
        """Return the rules of who may log in: their order counts, as the first that fits does."""
        files: dict[str, list[Told]] = {}
        for line in told(self._facts.text("postgres-access") or ""):
            files.setdefault(line.path, []).append(line)
        found: Entries = {}
        for path, lines in files.items():
            rules = [" ".join(line.text.split()) for line in lines]
            number = dict(zip(rules, lines, strict=True))
            found |= {f"line: {rule}": self._item("there", number[rule]) for rule in rules}
            found[f"order of {path.rpartition('/')[2]}"] = self._item(_digest(rules), lines[0])
        return found

    def _redis(self) -> Entries | None:
        said = self._facts.text("redis-file")
        if said is None:
            return None
        found: dict[str, dict[str, Told]] = {}
        for line in told(said):
            name, _, value = line.text.strip().partition(" ")
            name = name.strip('"').lower()
            values = found.setdefault(name, {})
            if name not in REPEATED:
                values.clear()
            values[_redis_value(name, value)] = line
        if REWRITTEN in found:
            for name, usual in USUAL.items():
                if found.get(name, {}).keys() <= usual:
                    found.pop(name, None)
        hidden = (self._facts.text("redis-hidden") or "").strip()
        length = {"options that its title hides": item(f"{hidden} bytes", own=True)}
        return (length if hidden else {}) | {
            name if len(values) == 1 else f"line: {name} {value}": self._item(
                value if len(values) == 1 else "there", line
            )
            for name, values in found.items()
            for value, line in values.items()
        }

    def _memcached(self) -> Entries | None:
        said = self._facts.text("memcached-arguments")
        return (
            None
            if said is None
            else {name: item(value, own=True) for name, value in OPTION.findall(said)}
        )

    def _item(self, value: str, line: Told) -> Any:  # noqa: ANN401 -- JSON
        own = line.path == ARGUMENTS or self._changes.is_own(line.path)
        return item(value, at=f"{line.path}:{line.number}", own=own)


def told(said: str) -> Iterator[Told]:
    """Give the lines of files in the order in which they count: one may go on after another."""
    path = ""
    for row in said.split("\n"):
        number, tab, text = row.partition("\t")
        if row.startswith("@@ "):
            path = row[3:]
        elif tab and number.isdigit():
            yield Told(path, int(number), text)


def _mysql_option(option: re.Match[str], listed: Mapping[str, str]) -> tuple[str, str]:
    """Return a setting as it is listed: `skip-` switches it off, and sizes are in bytes."""
    long, value, short, rest = option.groups()
    if short:
        return short, rest
    name = long.replace("-", "_").removeprefix("loose_")
    value = "TRUE" if value is None else value
    for prefix, switched in SWITCHES.items():
        if name not in listed and name.startswith(prefix) and name.removeprefix(prefix) in listed:
            return name.removeprefix(prefix), switched
    begun = [each for each in listed if each.startswith(name)]  # it may be shortened
    name = begun[0] if name not in listed and len(begun) == 1 else name
    if listed.get(name) in {"TRUE", "FALSE"}:
        return name, str(value.lower() in {*ON, "1"}).upper()
    size = re.fullmatch(r"(\d+)([KMG])", value.upper())
    return name, str(int(size[1]) * BYTES[size[2]]) if size else value


def _postgres_value(text: str) -> str:
    """Return one spelling of a value: without its comment and quotes, in the largest unit."""
    quoted = re.match(r"'((?:[^']|'')*)'", text)
    value = quoted[1] if quoted else COMMENT.sub("", text).strip()
    if value.lower() in ON | OFF:
        return "on" if value.lower() in ON else "off"
    size = re.fullmatch(r"(\d+)\s*(kB|MB)", value)
    while size and int(size[1]) and int(size[1]) % 1024 == 0 and size[2] in ABOVE:
        value = f"{int(size[1]) // 1024}{ABOVE[size[2]]}"
        size = re.fullmatch(r"(\d+)(kB|MB)", value)
    return value


def _redis_value(name: str, text: str) -> str:
    """Return one spelling of a value: without its quotes, a memory in the largest unit."""
    value = " ".join(word.strip("\"'") if '"' in word else word for word in text.split())
    size = re.fullmatch(r"(\d+)([kmg]?b?)", value.lower())
    if not size or size[2] not in REDIS_UNITS or not REDIS_SIZES.fullmatch(name):
        return value
    number = int(size[1]) * REDIS_UNITS[size[2]]
    for unit in ("gb", "mb", "kb"):
        if number and number % REDIS_UNITS[unit] == 0:
            return f"{number // REDIS_UNITS[unit]}{unit}"
    return str(number)


def _digest(rules: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()[:12]
