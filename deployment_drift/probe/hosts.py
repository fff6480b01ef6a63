"""The hosts of a comparison as checks meet them: live, out of reach, or remembered."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Protocol, cast

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import LOST, Answer, Facts, Section
from deployment_drift.probe.observe import (
    Known,
    Memory,
    NotKnownError,
    Question,
    give,
    observe,
)
from deployment_drift.probe.snapshot import Snapshot
from deployment_drift.records import Observation, Status


class Asked(Protocol):
    """A host of the setup, under its name in the comparison."""

    @property
    def name(self) -> str:
        """What the comparison calls it."""

    def observe(self, check: str, question: Question) -> Observation:
        """Put one check's question to the host."""

    def recall(self, check: str, question: Question) -> Observation | None:
        """Answer from what is known already; None where the host itself has to be asked."""

    def sections(self) -> Mapping[str, Section]:
        """Return all that it answered, for a snapshot; nothing where it did not answer."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True, slots=True)
class Live:
    """A host that runs and is asked now."""

    name: str
    host: Any
    memory: Memory | None = None

    def observe(self, _: str, question: Question) -> Observation:
        """See Asked."""
        return observe(self.host, question)

    def recall(self, _: str, question: Question) -> Observation | None:
        """See Asked."""
        facts: Facts = self.host.facts
        if not facts.collected:
            return None
        try:
            if not self.memory:
                return observe(self.host.known, question)
            known = partial(_known, self.memory, question)
            return self.memory.observe(question, facts.sections, known)
        except NotKnownError:
            return None

    def sections(self) -> Mapping[str, Section]:
        """See Asked."""
        with suppress(UnknownError):
            return cast("Facts", self.host.facts).sections
        return {}

    def close(self) -> None:
        """See Asked."""
        self.host.backend.close()


def _known(memory: Memory, question: Question, sections: Mapping[str, Section]) -> Observation:
    return observe(Known(memory.facts(lambda: sections)), question)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A host to which no connection came about; whatever is asked of it is unknown."""

    name: str
    reason: str

    def observe(self, _: str, __: Question) -> Observation:
        """See Asked."""
        return Observation(Status.UNKNOWN, reason=self.reason)

    recall = observe

    def sections(self) -> Mapping[str, Section]:
        """See Asked."""
        return {}

    def close(self) -> None:
        """See Asked."""


class Recalled:
    """What a snapshot still knows of a host: its facts, and nothing that only the host can say."""

    def __init__(self, snapshot: Snapshot, facts: Facts | None = None) -> None:
        self._snapshot = snapshot
        give(self, facts or Facts(lambda: remembered(snapshot)))

    def __getattr__(self, _: str) -> Any:  # noqa: ANN401 -- whatever testinfra's host has
        """Refuse what was not written down."""
        raise UnknownError(self._snapshot.missed())


def remembered(snapshot: Snapshot) -> dict[str, Section]:
    """Return the sections of a snapshot, and one for all that it has not."""
    return {LOST: Section(Answer.FAILED, reason=snapshot.missed()), **snapshot.sections}


@dataclass(frozen=True)
class Remembered:
    """A host as it was when its snapshot was taken."""

    name: str
    snapshot: Snapshot
    memory: Memory = field(default_factory=Memory)

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return remembered(self.snapshot)

    def observe(self, check: str, question: Question) -> Observation:
        """See Asked: what was seen then, else what the facts of then give."""
        then = self.snapshot.observations.get(check)
        if then:
            return then
        return self.memory.observe(
            question,
            self._sections,
            lambda sections: observe(self._recalled(sections), question),
        )

    recall = observe

    def _recalled(self, sections: Mapping[str, Section]) -> Recalled:
        return Recalled(self.snapshot, self.memory.facts(lambda: sections))

    def sections(self) -> Mapping[str, Section]:
        """See Asked."""
        return self.snapshot.sections

    def close(self) -> None:
        """See Asked."""
