"""What happens while a scene is played; every listener hears the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.records import Host

if TYPE_CHECKING:
    from deployment_drift.compare.allowed import Allowance


@dataclass(frozen=True, slots=True)
class SceneStarted:
    """A scene begins: what it promises, and its steps by their names."""

    name: str
    expects: Verdict
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step of the scene begins; `number` counts from 1."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of what is being done to `subject`; outdated by the next one.

    `line` is what a program printed or, where it has `values`, the name of a sentence that is
    said in the talk's language.
    """

    subject: str
    line: str
    values: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that stays on the screen: which engine, which image, which address.

    `fact` is as it was found or, where it has `values`, the name of a sentence as in Progress.
    A blank subject is another line of the one before.
    """

    subject: str
    fact: str
    values: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class HostJoined:
    """A host takes part: a step has started it, or the user has named it."""

    host: Host


@dataclass(frozen=True, slots=True)
class Container:
    """A container that runs: its name and its image's id, the system and PHP that are in it.

    `programs` are those that run in it. What is not known yet, or not there, is empty.
    """

    name: str
    image: str
    system: str = ""
    php: str = ""
    programs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """What of ours runs on an engine at this moment, and on which host system."""

    system: str
    engine: str
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One check was made on every host."""

    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Shown:
    """One statement of a scene: the values that were measured, and whether it holds.

    `holds` is None where it could not be asked on this machine: neither shown nor refuted.
    """

    name: str
    holds: bool | None
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of one subject: the median, and the lowest and highest of several runs.

    `unit` is `s`, `B` (bytes), `count`, or "" for a text.
    """

    subject: str
    figure: str
    value: float | str
    unit: str = ""
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the scene has ended well."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """All that a scene, or a comparison of hosts, came to.

    `unneeded` are the allowed differences that no longer occur, `missing` the checks that the
    scene's story needs and that did not come to what it expects. `misspelt` are allowances that
    are about no check, each with the likely name, and `unfound` the kinds of things that were
    expected on every host, each with the hosts that lack it. `same_servers` are hosts that
    turned out to be the same server as an earlier one, with that one's name.
    """

    scene: str
    expects: Verdict
    verdict: Verdict
    hosts: tuple[Host, ...]
    comparisons: tuple[Comparison, ...]
    steps: tuple[StepDone, ...] = ()
    unneeded: tuple["Allowance", ...] = ()
    statements: tuple[Shown, ...] = ()
    measurements: tuple[Measured, ...] = ()
    missing: tuple[str, ...] = ()
    misspelt: tuple[tuple[str, str], ...] = ()
    unfound: tuple[tuple[str, tuple[str, ...]], ...] = ()
    same_servers: tuple[tuple[str, str], ...] = ()

    @property
    def status(self) -> int:
        """The exit status: 0 as claimed, 1 not as claimed, 2 it could not be told."""
        return 2 if self.verdict is Verdict.UNKNOWN else int(self.verdict is not self.expects)


Event = (
    SceneStarted
    | StepStarted
    | Progress
    | Found
    | HostJoined
    | Running
    | Compared
    | Shown
    | Measured
    | StepDone
    | Report
)
Listener = Callable[[Event], None]
