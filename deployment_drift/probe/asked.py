"""The hosts of a setup as the checks meet them: live, out of reach, or remembered."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from deployment_drift.errors import UnknownError
from deployment_drift.probe.observe import Question, observe
from deployment_drift.probe.snapshot import Snapshot, is_snapshot, read
from deployment_drift.records import Observation, Status


class Asked(Protocol):
    """A host of the setup, under its name in the comparison."""

    @property
    def name(self) -> str:
        """What the comparison calls it."""

    def observe(self, check: str, question: Question) -> Observation:
        """Put one check's question to the host."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True, slots=True)
class Live:
    """A host that runs and is asked now."""

    name: str
    host: Any

    def observe(self, check: str, question: Question) -> Observation:
        """See Asked."""
        return observe(check, self.name, self.host, question)

    def close(self) -> None:
        """See Asked."""
        self.host.backend.close()


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A host to which no connection came about; whatever is asked of it is unknown."""

    name: str
    reason: str

    def observe(self, check: str, _: Question) -> Observation:
        """See Asked."""
        return Observation(check, self.name, Status.UNKNOWN, reason=self.reason)

    def close(self) -> None:
        """See Asked."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A host as it was when its snapshot was taken."""

    name: str
    snapshot: Snapshot

    def observe(self, check: str, _: Question) -> Observation:
        """See Asked."""
        return self.snapshot.seen(check, self.name)

    def close(self) -> None:
        """See Asked."""


def names(addresses: Sequence[str]) -> list[str]:
    """Return what the hosts are called: `local`, and `release` or, for several, where they are."""
    if len(addresses) <= 2:  # noqa: PLR2004 -- the usual pair
        return ["local", "release"][: len(addresses)]
    return [
        "local",
        *(address.partition("://")[2].partition("?")[0] or address for address in addresses[1:]),
    ]


def connected(name: str, address: str) -> Asked:
    """Open one shell on a host, or read its snapshot; a host that is out of reach is remembered."""
    if is_snapshot(address):
        return Remembered(name, read(Path(address)))
    from deployment_drift.probe.facts import extend
    from deployment_drift.probe.shell import connect

    try:
        return Live(name, extend(connect(address)))
    except UnknownError as error:
        return Unreachable(name, error.what)
