"""One act of the talk: its steps and what it promises, and what it came to when it was played."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from deployment_drift.compare.comparison import Comparison, Verdict, overall
from deployment_drift.events import (
    Compared,
    Event,
    Found,
    HostJoined,
    Measured,
    Progress,
    Report,
    Running,
    Shown,
    StepDone,
    StepStarted,
)

if TYPE_CHECKING:
    from deployment_drift.probe.questions import WebPage

T = TypeVar("T")
SAME_SERVER = "same_server"
"""What is found of a host that is an earlier one once more."""
Step = Callable[[Any], object]
"""What is done with the run that plays it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One act of the talk: its steps by their names, and the verdict that it promises.

    A scene compares hosts (`expects` is DRIFT or PARITY, `allowed` a file of accepted differences)
    or makes statements (`expects` is SHOWN), or both: every statement has to hold. `requires` are
    the checks that its story needs: each has to come to what the scene expects. `images` are the
    folders that are built for it, `machines` those of them that become virtual machines, and
    `other_architecture` those that are built for another architecture, too. `order` is its place
    in the talk, 0 if it has none, and `minutes` those of the shortest talk that has it; `command`
    is what is typed for another scene's option. `finds` are the kinds of things that every host
    has to have, as `php` (see `compare.coverage`), and `pages` what is asked of their web servers.
    """

    name: str
    expects: Verdict
    steps: Mapping[str, Step]
    order: int = 0
    minutes: int = 40
    command: str = ""
    allowed: str = ""
    requires: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    pages: tuple["WebPage", ...] = ()
    images: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    other_architecture: tuple[str, ...] = ()

    @property
    def typed(self) -> str:
        """What is typed behind `./invoke` to play it."""
        return self.command or f"demo-{self.name}"


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
        elif not isinstance(event, Progress | Running):
            self._heard.setdefault(self._step, []).append(event)

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """Return what was told of one kind, in order."""
        return tuple(e for events in self._heard.values() for e in events if isinstance(e, kind))


def outcome(scene: Scene, heard: Collector, root: Path) -> Report:
    """Return what a scene of this repository came to, from everything that was told."""
    from deployment_drift.compare.allowed import misspelt, unneeded
    from deployment_drift.compare.coverage import coverage, unmet
    from deployment_drift.compare.project import allowances as read_allowed

    comparisons = tuple(each.comparison for each in heard.of(Compared))
    statements = heard.of(Shown)
    allowances = read_allowed(root / scene.allowed) if scene.allowed else ()
    missing = missed(scene, comparisons)
    unfound = coverage(comparisons).missing(scene.finds) | unmet(comparisons, scene.pages)
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
        unfound=tuple(unfound.items()),
        same_servers=same_servers(heard),
    )


def same_servers(heard: Collector) -> tuple[tuple[str, str], ...]:
    """Return the hosts that were told to be the same server as an earlier one, with its name."""
    return tuple(
        (each.subject, str(each.values["first"]))
        for each in heard.of(Found)
        if each.fact == SAME_SERVER and each.values
    )


def missed(scene: Scene, comparisons: Sequence[Comparison]) -> tuple[str, ...]:
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
        unknown = any(each.verdict is Verdict.UNKNOWN for each in comparisons)
        if unknown and found is expects:  # a story is told of servers that answer
            return Verdict.UNKNOWN
        return Verdict.REFUTED if missing and found is expects else found
    return Verdict.SHOWN if asked else Verdict.UNKNOWN
