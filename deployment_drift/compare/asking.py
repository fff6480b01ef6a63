"""Puts a check's question to every host of a comparison, and compares what they answer."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from deployment_drift.compare import allowed
from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.project import without
from deployment_drift.probe import snapshot
from deployment_drift.probe.addresses import names
from deployment_drift.probe.collect import Section
from deployment_drift.probe.connections import CAP, Early, connected
from deployment_drift.probe.hosts import Asked, Live
from deployment_drift.probe.observe import Question
from deployment_drift.probe.questions import Questions
from deployment_drift.records import JSON, Check, Observation, Status


@dataclass(frozen=True, slots=True)
class Setup:
    """The hosts to compare, the first as the reference, and what all checks have in common.

    `pool` has the threads in which hosts are asked side by side. `left_out` are patterns of paths
    that are not compared.
    """

    hosts: Sequence[Asked]
    pool: ThreadPoolExecutor
    allowances: Sequence[Allowance]
    left_out: Sequence[str]

    def compare(self, check: Check, question: Question) -> Comparison:
        """Put a check's question to every host, and compare the answers."""
        seen = _shortened(list(self._observed(check, question)), self.left_out)
        called = [host.name for host in self.hosts]
        comparison = Comparison(check, dict(zip(called, seen, strict=True)))
        return allowed.apply(comparison, self.allowances, datetime.now(UTC).date())

    def _observed(self, check: Check, question: Question) -> Iterator[Observation]:
        """Ask every host; those are waited for side by side that have to be asked."""
        known = [host.recall(check.name, question) for host in self.hosts]
        live = [host for host, seen in zip(self.hosts, known, strict=True) if seen is None]
        ask = partial(_ask, check=check.name, question=question)
        asked = self.pool.map(ask, live) if live else iter(())
        for seen in known:
            yield seen or next(asked)


def same_servers(hosts: Sequence[Asked]) -> dict[str, str]:
    """Return each live host that is one server with an earlier one, with the name of that."""
    earlier: dict[str, str] = {}
    live = [host for host in hosts if isinstance(host, Live)]
    known = [(host.name, host.sections().get("identity")) for host in live]
    said = {name: section.text for name, section in known if section and section.text}
    firsts = {name: earlier.setdefault(identity, name) for name, identity in said.items()}
    return {name: first for name, first in firsts.items() if name != first}


def _ask(host: Asked, check: str, question: Question) -> Observation:
    return host.observe(check, question)


def described(test: object, name: str, subject: str, entry: str = "") -> Check:
    """Read a check off its test, whose docstring starts with `Title: why it matters`."""
    line = (test.__doc__ or "").strip().partition("\n")[0]
    title, _, why = line.partition(": ")
    return Check(name, subject, title or name, why, entry)


@contextmanager
def connecting(
    addresses: Sequence[str],
    early: Early,
    questions: Questions | None = None,
    *,
    allowances: Sequence[Allowance] = (),
    left_out: Sequence[str] = (),
) -> Iterator[Setup]:
    """Connect the hosts side by side; what somebody has begun with is asked what it was asked.

    questions: what the checks ask, if it is not that.
    """
    with ThreadPoolExecutor(CAP) as threads:
        asked = partial(connected, questions=questions, early=early)
        hosts = list(threads.map(asked, names(addresses), addresses))
        try:
            yield Setup(hosts, threads, allowances, left_out)
        finally:  # at once: who waits for a host in a thread is awake then
            for host in hosts:
                host.close()


def _shortened(seen: list[Observation], left_out: Sequence[str]) -> list[Observation]:
    """Leave out the paths that are not compared; what is one observation stays one."""
    if not left_out:
        return seen
    found = {id(each): _left(each, without(each.value, left_out)) for each in seen}
    return [found[id(each)] for each in seen]


def _left(seen: Observation, value: JSON) -> Observation:
    """Return what is left of an observation; where nothing is, there is nothing to compare."""
    emptied = value in ([], {}) and seen.value != value
    return Observation(Status.ABSENT) if emptied else replace(seen, value=value)


def write(
    path: Path,
    address: str,
    made: Sequence[Comparison],
    sections: Mapping[str, Section],
    secret: str,
) -> None:
    """Write down what a host is, from comparisons in which it was the first."""
    # what was answered to a page is among the sections, where it is known what was asked
    times = Counter(each.check.name for each in made)
    # of a check that asked several questions, the facts say what each of them saw
    kept = [each for each in made if not each.check.case and times[each.check.name] == 1]
    seen = {each.check.name: next(iter(each.observations.values())) for each in kept}
    taken = datetime.now(UTC).replace(microsecond=0)
    snapshot.write(path, snapshot.Snapshot(address, taken, seen, sections, secret))
