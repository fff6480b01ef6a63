"""Connects the hosts of a comparison, and begins to ask them before the checks are found."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe.hosts import Asked, Live, Remembered, Unreachable
from deployment_drift.probe.observe import Memory, equip
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.script import KEY, fingerprint
from deployment_drift.probe.snapshot import is_snapshot, read

CAP = 16  # hosts that are asked at the same moment; engines slow down beyond that
MANY = 6  # hosts from which on it pays to look up what others with the same facts answered
Connect = Callable[[str], Any]


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
    return Early(asked, memory, partial(_taken, asked, memory))


def _taken(questions: Questions, memory: Memory | None, address: str) -> Any:  # noqa: ANN401
    from deployment_drift.probe.shell import connect

    return equip(connect(address, timeout=questions.patience), questions, memory)


@contextmanager
def opening(addresses: Sequence[str], questions: Questions | None = None) -> Iterator[Early]:
    """Begin to open a shell on every live host, and to ask there what the checks will ask.

    Without questions nothing is asked yet. Hosts that nobody has taken in the end are closed; all
    are when it ends with an error, so that nobody waits for their answers.
    """
    live = [address for address in addresses if not is_snapshot(address)]
    early = nobody(addresses, questions)
    if live:  # now: later, the threads would take turns with who imports pytest meanwhile
        import_module("deployment_drift.probe.shell")
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
        return Unreachable(name, "; ".join(filter(None, (error.what, error.hint))))
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
