"""Says what drifts: observations in, comparisons out, nothing asked and nothing printed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from deployment_drift.compare.inventory import Difference, difference, folded
from deployment_drift.compare.meaning import ENCODED, kind_of, meaning
from deployment_drift.records import Check, Observation, Status, Verdict
from deployment_drift.values import harmless, shown

__all__ = ["TOGETHER", "Check", "Comparison", "Same", "Verdict", "answer", "groups", "overall"]

FEW = 10  # hosts that a sentence names one by one
TOGETHER = "; "  # what stands between several reasons


@dataclass(frozen=True)
class Comparison:
    """One check on every host of a setup, by the hosts' names; the first is the reference.

    `allowed` is the reason for which a drift is accepted, or ""; `expired` is the one for
    which it was accepted until its day came. `accepted` are the reasons by entry, where only
    some entries of a list are allowed.
    """

    check: Check
    observations: Mapping[str, Observation]
    allowed: str = ""
    expired: str = ""
    accepted: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """UNKNOWN if any host could not be asked, NOT_APPLICABLE if there is nothing on all.

        A list without an entry is nothing: two hosts on which nobody held a package back have no
        such packages to compare.
        """
        statuses = {seen.status for seen in self.observations.values()}
        if Status.UNKNOWN in statuses:
            return Verdict.UNKNOWN
        if statuses == {Status.ABSENT}:
            return Verdict.NOT_APPLICABLE
        if len(self.groups) == 1:
            return Verdict.NOT_APPLICABLE if self._is_empty() else Verdict.PARITY
        return Verdict.ALLOWED if self.allowed else Verdict.DRIFT

    def __bool__(self) -> bool:
        """Whether nothing drifts here, so that a check can `assert` its comparison."""
        return self.verdict not in (Verdict.UNKNOWN, Verdict.DRIFT)

    def __repr__(self) -> str:
        """`PHP version: local 8.4.24, release 8.2.36`: the sentence of a failed assertion."""
        listed = self._difference()
        if listed is None:
            return harmless(f"{self.check.called}: {', '.join(self._told())}")
        here, there = self.observations
        names = (listed.only_here, listed.only_there, listed.different)
        groups = zip((f"only {here}", f"only {there}", "different"), names, strict=True)
        told = [f"{len(names)} {group} ({folded(names)})" for group, names in groups if names]
        return harmless(f"{self.check.called}: {', '.join(told) or 'the same'}")

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The names of hosts whose answers mean the same, together, in the order of the hosts."""
        alike: dict[str, list[str]] = {}
        spelt = {id(seen): seen for seen in self.observations.values()}
        answers = {key: answer(seen) for key, seen in spelt.items()}
        for host, seen in self.observations.items():
            alike.setdefault(answers[id(seen)], []).append(host)
        return _by_meaning(alike.values(), self)

    def _is_empty(self) -> bool:
        """Whether hosts that agree have answered with a list in which nothing is."""
        value = next(iter(self.observations.values())).value
        return isinstance(value, (list, tuple, Mapping)) and not value

    def _told(self) -> list[str]:
        """Say what each host answered; of many hosts, what each group did."""
        if len(self.observations) <= FEW:
            return [f"{host} {shown(seen)}" for host, seen in self.observations.items()]
        return [f"{_crowd(group)} {shown(self.observations[group[0]])}" for group in groups(self)]

    def _difference(self) -> Difference | None:
        if len(self.observations) != 2:  # noqa: PLR2004 -- lists are compared in pairs
            return None
        here, there = self.observations.values()
        return difference(here.value, there.value, kind_of(self.check))


Same = Callable[[Callable[[Any], Any]], Comparison]
"""What a check is given: it puts a question to every host, and compares the answers."""


def _crowd(group: Sequence[str]) -> str:
    first, *others = group
    return f"{first} and {len(others)} other{'s' * (len(others) > 1)}" if others else first


def answer(seen: Observation) -> str:
    """Return what makes two observations alike: JSON tells `1`, `"1"` and `true` apart."""
    return f"{seen.status} {ENCODED(seen.value)}"


def _by_meaning(alike: Collection[list[str]], made: Comparison) -> tuple[tuple[str, ...], ...]:
    """Put groups together whose answers are spelt differently and mean the same."""
    if len(alike) == 1:
        return tuple(map(tuple, alike))
    found: dict[str, list[str]] = {}
    for hosts in alike:
        seen = made.observations[hosts[0]]
        told = f"{seen.status} {meaning(seen.value, kind_of(made.check))}"
        found.setdefault(told, []).extend(hosts)
    return tuple(map(tuple, found.values()))


def groups(comparison: Comparison) -> list[list[str]]:
    """Return the names of hosts that agree together, the largest group first."""
    return [list(hosts) for hosts in sorted(comparison.groups, key=len, reverse=True)]


def overall(comparisons: Sequence[Comparison]) -> Verdict:
    """Return what all of them come to; where nothing could be compared it is UNKNOWN, never parity.

    What could not be asked makes a parity unknown; a drift that is told stays a drift.
    """
    found = {comparison.verdict for comparison in comparisons}
    for each in (Verdict.DRIFT, Verdict.UNKNOWN):
        if each in found:
            return each
    return Verdict.PARITY if found & {Verdict.PARITY, Verdict.ALLOWED} else Verdict.UNKNOWN
