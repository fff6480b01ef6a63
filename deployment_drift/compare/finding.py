"""One row of what differs, as data: what it weighs, which rows tell the same, whom it is about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from deployment_drift.compare import ranking
from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.ranking import Weight
from deployment_drift.records import Check, Observation, Status, Verdict

LINES = "changed_configuration"  # the check that tells lines of files, whatever they mean
BRACKETS = re.compile(r"php(?:_admin)?_(?:value|flag)(?:\[(.+)]|\s+(\S+))")


@dataclass(frozen=True)
class Finding:
    """A check that differs, or one entry of a check's inventory.

    `entry` is what the entry is called, with its group, as `php-fpm, pool www: memory_limit`,
    and `key` the same without it; "" for a whole check. `at` says by host where it was set, `own`
    are the hosts where somebody set it by hand, and `traced` whether that is known. `effects` come
    with it and have no row of their own.
    """

    check: Check
    observations: Mapping[str, Observation]
    verdict: Verdict
    entry: str = ""
    key: str = ""
    at: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    traced: bool = False
    allowed: str = ""
    expired: str = ""
    weight: Weight = Weight.REST
    effects: tuple["Finding", ...] = ()

    @property
    def name(self) -> str:
        """What an allowance calls it: `every_setting.memory_limit`, or the check's name."""
        return f"{self.check.name}.{self.entry}" if self.entry else self.check.name

    @property
    def fact(self) -> str:
        """The entry that it is about, also where a named check is about one; "" for neither."""
        return self.key or self.check.entry.partition(".")[2]

    @cached_property
    def told(self) -> str:
        """What every host answered, as a text to tell findings apart by."""
        return str([(host, seen.value) for host, seen in self.observations.items()])

    @cached_property
    def lacking(self) -> frozenset[str]:
        """The hosts that do not have it."""
        seen = self.observations.items()
        return frozenset(h for h, o in seen if o.status is Status.ABSENT or o.value is False)


def bare(key: str) -> str:
    """Return the setting that a line of a configuration file is about."""
    inside = BRACKETS.search(key)
    return (inside[1] or inside[2]) if inside else key.rpartition(": ")[2]


@dataclass(frozen=True, slots=True)
class Odd:
    """A host, and the findings in which it is not as most of the others are."""

    host: str
    findings: tuple[Finding, ...]


def odd_ones(found: Sequence[Finding]) -> list[Odd]:
    """Return the hosts that differ from most others, those that differ in most first.

    Where no answer is that of more than half of the hosts, nobody is odd. What is allowed, and
    what could not be asked, does not count.
    """
    odd: dict[str, list[Finding]] = {}
    for finding in found:
        for host in minority(finding) if finding.verdict is Verdict.DRIFT else ():
            odd.setdefault(host, []).append(finding)
    ranked = sorted(odd.items(), key=lambda each: -len(each[1]))
    return [Odd(host, tuple(rows)) for host, rows in ranked]


def minority(finding: Finding) -> tuple[str, ...]:
    """Return the hosts that answer otherwise than more than half of all; none without such."""
    known = {h: o for h, o in finding.observations.items() if o.status is not Status.UNKNOWN}
    groups = Comparison(finding.check, known).groups
    usual = max(groups, key=len, default=())
    if len(usual) * 2 <= len(known):
        return ()
    return tuple(host for group in groups if group is not usual for host in group)


def weighed(row: Finding) -> Finding:
    """Return a row with how likely what it tells breaks an application."""
    weight = ranking.weight(row.check, row.observations, row.own, row.key, traced=row.traced)
    return replace(row, weight=weight)


def told_last(row: Finding) -> tuple[int, bool, int]:
    """Sort so that the row which tells a fact best comes last, and stays in a mapping."""
    return -row.weight, bool(row.check.entry), -ranking.place(row.check)


def one_row_each(found: Sequence[Finding]) -> list[Finding]:
    """Let a named check stand for the entry of a list that is the same fact."""
    named = {row.check.entry: row.verdict for row in found if row.check.entry}
    lists = {f"{row.check.name}.{row.key}": row for row in found if row.entry}
    rows = [_with_place(row, lists.get(row.check.entry)) for row in found]
    return [row for row in rows if not _stands_for(named, row)]


def _stands_for(named: Mapping[str, Verdict], row: Finding) -> bool:
    """Whether a named check tells a list's entry; one that is allowed tells no drift."""
    verdict = named.get(f"{row.check.name}.{row.key}")
    return verdict is not None and (verdict is row.verdict or verdict is not Verdict.ALLOWED)


def _with_place(row: Finding, listed: Finding | None) -> Finding:
    """Give a named check's row where the list says that it was set, and by whom."""
    if listed is None:
        return row
    return weighed(
        replace(row, at=row.at or listed.at, own=row.own | listed.own, traced=listed.traced)
    )


def told_once(found: Sequence[Finding]) -> list[Finding]:
    """Drop what another row tells already: the same line of the same file, about the same thing.

    Of a line that differs, it is enough what it means to the program that reads it.
    """
    rows: list[Finding] = []
    read = {_line(each) for row in found if row.check.name != LINES for each in row.at.items()}
    told: set[tuple[str, str, str]] = set()
    for row in sorted(found, key=told_last, reverse=True):
        key = bare(row.fact or row.check.name)
        places = {(*_line(each), key) for each in row.at.items() if each[1]}
        means = row.check.name == LINES and {_line(each) for each in row.at.items()} <= read
        if not places or not (means or places <= told):
            rows.append(row)
        told |= places
    kept = set(map(id, rows))
    return [row for row in found if id(row) in kept]


def _line(place: tuple[str, str]) -> tuple[str, str]:
    """Return a host and a line; in sites-enabled is a link to the file in sites-available."""
    return place[0], place[1].replace("-available/", "-enabled/")
