"""Says what a scene came to: remembers what it tells, and makes the report of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from deployment_drift.compare.allowed import misspelt, unneeded
from deployment_drift.compare.comparison import Comparison, Verdict, overall
from deployment_drift.compare.coverage import coverage
from deployment_drift.compare.project import allowances as read_allowed
from deployment_drift.events import (
    Compared,
    Event,
    HostJoined,
    Measured,
    Progress,
    Report,
    Shown,
    StepDone,
    StepStarted,
)

if TYPE_CHECKING:
    from deployment_drift.run import Scene

T = TypeVar("T")


class Collector:
    """A listener that remembers, step by step, what the report is made of."""

    def __init__(self) -> None:
        self._heard: dict[str, list[Event]] = {}
        self._step = ""

    def __call__(self, event: Event) -> None:
        """Remember an event; a step that is played again makes what it told before void."""
        if isinstance(event, StepStarted):
            self._step = event.name
            self._heard[self._step] = []
        elif not isinstance(event, Progress):
            self._heard.setdefault(self._step, []).append(event)

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """Return what was told of one kind, in order."""
        return tuple(e for events in self._heard.values() for e in events if isinstance(e, kind))


def report(scene: "Scene", heard: Collector, root: Path) -> Report:
    """Return what a scene of this repository came to, from everything that was told."""
    comparisons = tuple(each.comparison for each in heard.of(Compared))
    statements = heard.of(Shown)
    allowances = read_allowed(root / scene.allowed) if scene.allowed else ()
    missing = missed(scene, comparisons)
    unfound = tuple(coverage(comparisons).missing(scene.finds).items())
    found = verdict(scene.expects, comparisons, statements, missing)
    return Report(
        scene=scene.name,
        expects=scene.expects,
        verdict=Verdict.UNKNOWN if unfound and found is Verdict.PARITY else found,
        hosts=tuple({each.host.name: each.host for each in heard.of(HostJoined)}.values()),
        comparisons=comparisons,
        steps=heard.of(StepDone),
        unneeded=tuple(unneeded(comparisons, allowances)),
        statements=statements,
        measurements=heard.of(Measured),
        missing=missing,
        misspelt=tuple((a.check, near) for a, near in misspelt(comparisons, allowances).items()),
        unfound=unfound,
    )


def missed(scene: "Scene", comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """Return the checks that a scene's story needs and that did not come to what it expects."""
    verdicts = {each.check.name: each.verdict for each in comparisons}
    return tuple(name for name in scene.requires if verdicts.get(name) is not scene.expects)


def verdict(
    expects: Verdict,
    comparisons: Sequence[Comparison],
    statements: Sequence[Shown],
    missing: Sequence[str] = (),
) -> Verdict:
    """Return what comparisons and statements come to; nothing asked shows nothing.

    One statement that does not hold refutes the scene, whatever the comparisons say; so does a
    check that its story needs, where everything else is as it expects.
    """
    asked = [each.holds for each in statements if each.holds is not None]
    if not all(asked):
        return Verdict.REFUTED
    if expects is not Verdict.SHOWN:
        found = overall(comparisons)
        return Verdict.REFUTED if missing and found is expects else found
    return Verdict.SHOWN if asked else Verdict.UNKNOWN
