"""Puts entries of one list into one row where they differ in the same way.

Twelve character sets that one host lacks are one thing to read, and not twelve.
"""

from collections.abc import Sequence
from dataclasses import replace

from deployment_drift.compare.comparison import answer
from deployment_drift.compare.finding import Finding
from deployment_drift.compare.inventory import folded

FEWEST = 3  # entries that are one row
PAIR = 2  # of one group, as a variable that two runtimes lack, are one already
NAMED = 12  # of them; --full names each in a row of its own


def bundled(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings in their order, those that differ alike where the first of them was."""
    alike: dict[object, list[Finding]] = {}
    for finding in found:
        alike.setdefault(_way(finding), []).append(finding)
    return [row for rows in alike.values() for row in (_one(rows) if _many(rows) else rows)]


def _way(finding: Finding) -> object:
    """Return what entries have in common that differ alike; itself, where it stands for itself."""
    if not finding.key or finding.at or finding.effects:
        return id(finding)
    seen = finding.observations.items()
    answers = tuple((host, answer(each)) for host, each in seen)
    return finding.check.name, _group(finding), finding.verdict, finding.allowed, answers


def _group(finding: Finding) -> str:
    return finding.entry.removesuffix(finding.key)


def _many(rows: Sequence[Finding]) -> bool:
    return len(rows) >= (PAIR if _group(rows[0]) else FEWEST)


def _one(rows: Sequence[Finding]) -> list[Finding]:
    names = folded([row.key for row in rows], NAMED)
    return [replace(rows[0], entry=f"{_group(rows[0])}{names}")]
