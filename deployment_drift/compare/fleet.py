"""Tells the odd ones of a fleet: which hosts differ most from the rest, and in what."""

from collections.abc import Sequence
from dataclasses import dataclass

from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.finding import Finding
from deployment_drift.records import Status, Verdict


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
