"""Says what drifts: observations in, comparisons out, nothing asked and nothing printed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from deployment_drift.compare.inventory import Difference, difference, folded
from deployment_drift.records import Observation, Status
from deployment_drift.values import shown


class Verdict(StrEnum):
    """What a comparison, or a whole setup, comes to; the worst first."""

    UNKNOWN = "unknown"
    DRIFT = "drift"
    ALLOWED = "allowed"
    PARITY = "parity"
    REFUTED = "refuted"  # the last two are of scenes that make statements
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Check:
    """What is looked at: `name` finds it in a language file, `subject` is its file.

    `title` and `why` are English; `why` is one sentence on what a difference does to people.
    """

    name: str
    subject: str
    title: str
    why: str


@dataclass(frozen=True)
class Comparison:
    """One check on every host of a setup; the first observation is the reference.

    `allowed` is the reason for which a drift is accepted, or ""; `expired` is the one for
    which it was accepted until its day came.
    """

    check: Check
    observations: tuple[Observation, ...]
    allowed: str = ""
    expired: str = ""

    @cached_property
    def verdict(self) -> Verdict:
        """UNKNOWN if any host could not be asked: that is neither drift nor parity."""
        if any(seen.status is Status.UNKNOWN for seen in self.observations):
            return Verdict.UNKNOWN
        if len({answer(seen) for seen in self.observations}) == 1:
            return Verdict.PARITY
        return Verdict.ALLOWED if self.allowed else Verdict.DRIFT

    def __bool__(self) -> bool:
        """Whether nothing drifts here, so that a check can `assert` its comparison."""
        return self.verdict in (Verdict.PARITY, Verdict.ALLOWED)

    def __repr__(self) -> str:
        """`PHP version: local 8.4.24, release 8.2.36`: the sentence of a failed assertion."""
        listed = self._difference()
        if listed is None:
            seen = ", ".join(f"{seen.host} {shown(seen)}" for seen in self.observations)
            return f"{self.check.title}: {seen}"
        here, there = (seen.host for seen in self.observations)
        names = (listed.only_here, listed.only_there, listed.different)
        groups = zip((f"only {here}", f"only {there}", "different"), names, strict=True)
        told = [f"{len(names)} {group} ({folded(names)})" for group, names in groups if names]
        return f"{self.check.title}: {', '.join(told) or 'the same'}"

    def _difference(self) -> Difference | None:
        if len(self.observations) != 2:  # noqa: PLR2004 -- lists are compared in pairs
            return None
        return difference(*(seen.value for seen in self.observations))


def answer(seen: Observation) -> str:
    """Return what makes two observations the same: JSON tells `1`, `"1"` and `true` apart."""
    return f"{seen.status} {json.dumps(seen.value, sort_keys=True)}"


def groups(comparison: Comparison) -> list[list[Observation]]:
    """Return the observations of hosts that agree together, the largest group first."""
    found: dict[str, list[Observation]] = {}
    for seen in comparison.observations:
        found.setdefault(answer(seen), []).append(seen)
    return sorted(found.values(), key=len, reverse=True)


def overall(comparisons: Sequence[Comparison]) -> Verdict:
    """Return the worst verdict; nothing compared is UNKNOWN, never parity."""
    found = {comparison.verdict for comparison in comparisons}
    if not found:
        return Verdict.UNKNOWN
    worst = min(found, key=list(Verdict).index)
    return Verdict.PARITY if worst is Verdict.ALLOWED else worst


def worst_first(
    comparisons: Sequence[Comparison], subjects: Sequence[str] = ()
) -> list[Comparison]:
    """Sort by verdict, then by the given order of subjects; otherwise the order is kept."""

    def rank(comparison: Comparison) -> tuple[int, int]:
        subject = comparison.check.subject
        known = subjects.index(subject) if subject in subjects else len(subjects)
        return list(Verdict).index(comparison.verdict), known

    return sorted(comparisons, key=rank)
