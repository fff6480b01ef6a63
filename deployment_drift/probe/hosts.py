"""The hosts of a comparison as checks meet them: live, out of reach, or remembered."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, cast

from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe.collect import LOST, Answer, Facts, Section
from deployment_drift.probe.observe import (
    Known,
    Memory,
    NotKnownError,
    Question,
    equip,
    give,
    observe,
)
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.script import KEY, fingerprint
from deployment_drift.probe.snapshot import Snapshot, is_snapshot, read
from deployment_drift.records import Observation, Status

CAP = 16  # hosts that are asked at the same moment; engines slow down beyond that
MANY = 6  # hosts from which on it pays to look up what others with the same facts answered
Connect = Callable[[str], Any]


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
            return self.memory.observe(question, facts.sections, partial(_known, question))
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


def _known(question: Question, sections: Mapping[str, Section]) -> Observation:
    return observe(Known(Facts(lambda: sections)), question)


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

    def __init__(self, snapshot: Snapshot, sections: Mapping[str, Section] | None = None) -> None:
        self._snapshot = snapshot
        found = remembered(snapshot) if sections is None else sections
        give(self, Facts(lambda: found))

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
            lambda sections: observe(Recalled(self.snapshot, sections), question),
        )

    recall = observe

    def sections(self) -> Mapping[str, Section]:
        """See Asked."""
        return self.snapshot.sections

    def close(self) -> None:
        """See Asked."""


@dataclass(frozen=True, slots=True)
class Early:
    """Hosts that are asked before pytest has found the checks: `take` waits for that of an address.

    questions: what the checks will most likely ask. memory: what the hosts have in common, where
    they are many.
    """

    questions: Questions
    memory: Memory | None
    take: Connect


def nobody(addresses: Sequence[str], questions: Questions | None = None) -> Early:
    """Return hosts with which nobody has begun: each is connected when it is taken."""
    asked, memory = questions or Questions(), Memory() if len(addresses) >= MANY else None
    return Early(asked, memory, lambda address: equip(_connect(address), asked, memory))


@contextmanager
def opening(addresses: Sequence[str], questions: Questions | None = None) -> Iterator[Early]:
    """Begin to open a shell on every live host, and to ask there what the checks will ask.

    Without questions nothing is asked yet. Hosts that nobody has taken in the end are closed; all
    are when it ends with an error, so that nobody waits for their answers.
    """
    live = [address for address in addresses if not is_snapshot(address)]
    early = nobody(addresses, questions)
    with ThreadPoolExecutor(CAP) as threads:

        def begin(address: str) -> Any:  # noqa: ANN401 -- testinfra's host
            host = early.take(address)
            if questions:
                threads.submit(lambda: host.facts.sections)  # who wants them hears of an error
            return host

        opened = [threads.submit(begin, address) for address in live]
        left: dict[str, list[Future[Any]]] = {address: [] for address in live}
        for address, each in zip(live, opened, strict=True):
            left[address].append(each)
        try:
            yield replace(early, take=lambda address: left[address].pop().result())
        except BaseException:
            _close(opened)
            raise
        finally:
            _close(chain.from_iterable(left.values()))


def _close(opened: Iterable[Future[Any]]) -> None:
    for each in opened:
        with suppress(Exception):  # one that was never asked is not missed
            each.result().backend.close()


def _connect(address: str) -> Any:  # noqa: ANN401 -- testinfra's host
    from deployment_drift.probe.shell import connect

    return connect(address)


def connected(
    name: str, address: str, questions: Questions | None = None, early: Early | None = None
) -> Asked:
    """Open one shell on a host, or read its snapshot; a host that is out of reach is remembered.

    early: gives one that is connected already; what it was asked is asked again unless that were
    these questions.
    """
    begun = early or nobody([address], questions)
    if is_snapshot(address):
        return Remembered(name, read(Path(address)), begun.memory or Memory())
    try:
        opened = begun.take(address)
    except UnknownError as error:
        return Unreachable(name, error.what)
    if questions and questions != begun.questions:
        equip(opened, questions, begun.memory)
    return Live(name, opened, begun.memory)


def secret_of(addresses: Sequence[str]) -> dict[str, str]:
    """Return the key of digests that these have to be asked with, as `secret`, if there is one.

    It is that of the environment or of the first snapshot. DriftError where a snapshot cannot be
    read, or was taken with another key than the others: its secrets would look different.
    """
    taken = {address: read(Path(address)) for address in addresses if is_snapshot(address)}
    live = set(addresses) - set(taken)
    secret = os.environ.get(KEY, "") or next(filter(None, (t.secret for t in taken.values())), "")
    keys = {each.key: address for address, each in reversed(taken.items()) if each.key}
    if secret and live:
        keys = {fingerprint(secret): "the key of now", **keys}
    elif keys and live:
        raise DriftError(
            f"the key that {next(iter(keys.values()))} was taken with is needed to ask the others",
            hint=f"set {KEY} in the environment",
        )
    if len(keys) > 1:
        first, other = list(keys.values())[:2]
        raise DriftError(
            f"{first} and {other} were taken with two keys: their secrets cannot be compared",
            hint=f"take them again, with the same {KEY} in the environment or with the same script",
        )
    return {"secret": secret} if secret else {}
