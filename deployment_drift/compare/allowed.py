"""Differences that somebody accepted: one TOML file, each with a reason and an expiry date."""

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from deployment_drift.compare.comparison import TOGETHER, Comparison, Verdict
from deployment_drift.compare.finding import Finding
from deployment_drift.compare.findings import expanded
from deployment_drift.errors import DriftError
from deployment_drift.records import Check

HELP = "see docs/comparing.md"
KEYS = {"check": str, "reason": str, "expires": date}
SOMETIMES = "sometimes"


@dataclass(frozen=True, slots=True)
class Allowance:
    """One `[[allowed]]` table; `check` is a name or a pattern, as `mail_*`.

    Of a whole list, one entry is named after a dot: `every_setting.sendmail_path`. What differs
    only `sometimes` may be alike without being reported as no longer needed.
    """

    check: str
    reason: str
    expires: date
    sometimes: bool = False

    def covers(self, target: Sequence[str]) -> bool:
        """Whether this is about something that has these names."""
        return any(fnmatchcase(name, self.check) for name in target)

    def concerns(self, check: Check) -> bool:
        """Whether it may be about what differs in this check, which is slow to take apart."""
        start = re.split(r"[*?[]", self.check)[0]
        called = filter(None, (check.name, check.entry))
        return any(name.startswith(start) or start.startswith(name) for name in called)

    @property
    def about(self) -> str:
        """The check, or the pattern of checks, without the entry of a list."""
        return self.check.partition(".")[0]


def names(finding: Finding) -> tuple[str, ...]:
    """Return what an allowance can call a finding.

    Itself, an entry without its group, the check, and the entry that a named check is about.
    """
    check = finding.check
    keyed = f"{check.name}.{finding.key}" if finding.key else check.name
    return tuple(dict.fromkeys(filter(None, (finding.name, keyed, check.name, check.entry))))


def targets(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return what would have to be allowed: the check, or each entry of its list that differs."""
    return [names(row) for row in expanded(comparison, {}) if row.verdict is not Verdict.UNKNOWN]


def read(path: Path, beside: Sequence[str] = ()) -> tuple[Allowance, ...]:
    """Return what a file allows; `beside` are other keys that may stand there.

    A file is read once as long as it stays as it is. Raises DriftError, with the line, for an
    unknown key, a missing one, or one of another kind.
    """
    try:
        now = path.stat()
    except (OSError, ValueError) as error:  # the second where there is a null character in it
        why = error.strerror if isinstance(error, OSError) else error
        raise DriftError(f"{path} cannot be read: {why}", hint=HELP) from error
    return _read(path, tuple(beside), now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, beside: tuple[str, ...], _: int, __: int) -> tuple[Allowance, ...]:
    text, tables = parsed(path)
    known(path, text, -1, tables, ["allowed", *beside])
    found = tables_of(path, text, tables, "allowed")
    return tuple(_allowance(path, text, number, table) for number, table in enumerate(found))


def parsed(path: Path) -> tuple[str, dict[str, Any]]:
    """Return a TOML file's text and what stands in it; DriftError where it is none."""
    try:
        text = path.read_text("utf-8-sig")  # an editor of Windows puts a mark in front
        return text, tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise DriftError(f"{path} cannot be read: {error}", hint=HELP) from error
    except RecursionError as error:
        raise DriftError(f"{path} cannot be read: it nests too deep", hint=HELP) from error


def tables_of(path: Path, text: str, tables: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the `[[name]]` tables of a file; DriftError, with the line, for anything else."""
    found = tables.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise fault(path, text, -1, name, f"{name!r} has to be tables: [[{name}]]")
    return found


def _allowance(path: Path, text: str, number: int, table: dict[str, Any]) -> Allowance:
    known(path, text, number, table, [*KEYS, SOMETIMES])
    for key, kind in KEYS.items():
        if type(table.get(key)) is not kind or table[key] == "":
            raise fault(path, text, number, key, f"{key!r} is missing, or is not a {kind.__name__}")
    if not isinstance(table.get(SOMETIMES, False), bool):
        raise fault(path, text, number, SOMETIMES, f"{SOMETIMES!r} has to be true or false")
    return Allowance(**table)


def known(  # noqa: PLR0913, PLR0917 -- where it stands, and what may stand there
    path: Path,
    text: str,
    number: int,
    table: dict[str, Any],
    keys: Collection[str],
    heading: str = "allowed",
) -> None:
    """Raise DriftError, with the line and the likely key, where a table has another key."""
    for key in table:
        if key not in keys:
            near = get_close_matches(key, keys)
            likely = f": did you mean {near[0]!r}?" if near else ""
            raise fault(path, text, number, key, f"unknown key {key!r}{likely}", heading)


def fault(  # noqa: PLR0913, PLR0917 -- where it stands, and what is wrong
    path: Path, text: str, number: int, key: str, what: str, heading: str = "allowed"
) -> DriftError:
    """Return the error about the `number`th table, with the line of its key or its heading."""
    lines = text.splitlines()
    pattern = re.compile(rf"\s*\[\[\s*{heading}\s*]]")
    headings = [n for n, line in enumerate(lines) if pattern.match(line)]
    start = headings[number] if 0 <= number < len(headings) else 0
    end = headings[number + 1] if 0 <= number < len(headings) - 1 else len(lines)
    pattern = re.compile(rf"\s*\[?\s*[\"']?{re.escape(key)}\b")
    found = next((n for n in range(start, end) if pattern.match(lines[n])), start)
    return DriftError(f"{path}, line {found + 1}: {what}", hint=HELP)


def apply(comparison: Comparison, allowances: Sequence[Allowance], today: date) -> Comparison:
    """Return the comparison, marked where everything that differs is allowed today.

    Where it would be allowed but for the date, it stays a drift and says so.
    """
    allowances = [each for each in allowances if each.concerns(comparison.check)]
    if comparison.verdict is not Verdict.DRIFT or not allowances:
        return comparison
    wanted = targets(comparison)
    valid = covering(wanted, [each for each in allowances if today <= each.expires])
    if None not in valid:
        return replace(comparison, allowed=_together(each.reason for each in valid if each))
    accepted = {target[0]: each.reason for target, each in zip(wanted, valid, strict=True) if each}
    late = covering(wanted, allowances)
    notes = [
        f"allowed until {each.expires}: {each.reason}"
        for each in late
        if each and each.expires < today and None not in late
    ]
    return replace(comparison, expired=_together(notes), accepted=accepted)


def covering(
    wanted: Sequence[Sequence[str]], allowances: Sequence[Allowance]
) -> list[Allowance | None]:
    """Return for each target the first allowance that is about it."""
    return [next((each for each in allowances if each.covers(target)), None) for target in wanted]


def _together(texts: Iterable[str]) -> str:
    return TOGETHER.join(dict.fromkeys(texts))


def unneeded(comparisons: Sequence[Comparison], allowances: Sequence[Allowance]) -> list[Allowance]:
    """Return what is no longer needed: nothing that it is about differs."""
    differing = (Verdict.DRIFT, Verdict.ALLOWED)
    made = [c for c in comparisons if c.verdict in differing]
    about = [c for c in made if any(each.concerns(c.check) for each in allowances)]
    drifts = [t for c in about for t in targets(c)]
    wrong = misspelt(comparisons, allowances)
    asked = [a for a in allowances if a not in wrong and not a.sometimes]
    return [a for a in asked if not any(a.covers(t) for t in drifts)]


def misspelt(
    comparisons: Sequence[Comparison], allowances: Sequence[Allowance]
) -> dict[Allowance, str]:
    """Return the allowances that are about no check at all, each with the likely one or ""."""
    made = [comparison.check.name for comparison in comparisons]
    return {each: _likely(each, made) for each in allowances if not _about(each, made)}


def _about(allowance: Allowance, made: Sequence[str]) -> bool:
    return any(fnmatchcase(name, allowance.about) for name in made)


def _likely(allowance: Allowance, made: Sequence[str]) -> str:
    _, dot, entry = allowance.check.partition(".")
    near = get_close_matches(allowance.about, made)
    return f"{near[0]}{dot}{entry}" if near else ""
