"""The hosts of a comparison as checks meet them: live, out of reach, or remembered."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
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


@contextmanager
def opening(addresses: Sequence[str]) -> Iterator[Connect]:
    """Begin to open a shell on every live host; yield what waits for that of an address.

    Those that nobody has taken in the end are closed.
    """
    live = [address for address in addresses if not is_snapshot(address)]
    with ThreadPoolExecutor(CAP) as threads:
        opened: dict[str, list[Future[Any]]] = {address: [] for address in live}
        for address in live:
            opened[address].append(threads.submit(_connect, address))

        def take(address: str) -> Any:  # noqa: ANN401 -- testinfra's host
            return opened[address].pop().result()

        try:
            yield take
        finally:
            for left in chain.from_iterable(opened.values()):
                with suppress(Exception):  # one that was never asked is not missed
                    left.result().backend.close()


def _connect(address: str) -> Any:  # noqa: ANN401 -- testinfra's host
    from deployment_drift.probe.shell import connect

    return connect(address)


def connected(
    name: str,
    address: str,
    questions: Questions | None = None,
    memory: Memory | None = None,
    connect: Connect | None = None,
) -> Asked:
    """Open one shell on a host, or read its snapshot; a host that is out of reach is remembered.

    memory: what hosts that are compared with each other have in common, where they are many.
    connect: opens a shell, or gives one that is open already.
    """
    if is_snapshot(address):
        return Remembered(name, read(Path(address)), memory or Memory())
    try:
        opened = (connect or _connect)(address)
        return Live(name, equip(opened, questions or Questions(), memory), memory)
    except UnknownError as error:
        return Unreachable(name, error.what)


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
