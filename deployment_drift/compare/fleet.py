"""Compares hosts that somebody else started: by their addresses, or by their snapshots."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from deployment_drift.compare import checks
from deployment_drift.compare.allowed import idle, read
from deployment_drift.compare.comparison import Comparison, Verdict, overall
from deployment_drift.events import Compared, Listener, Report, StepDone, StepStarted
from deployment_drift.probe import addresses as spelling
from deployment_drift.probe.hosts import names
from deployment_drift.probe.snapshot import Snapshot, is_snapshot
from deployment_drift.records import Host, Observation


def compare(
    hosts: Sequence[str],
    heard: Listener,
    allowed: Path | None = None,
    folder: Path | None = None,
) -> Report:
    """Ask every check of every host; the first is the reference.

    Raises DriftError for an address with a fault in it, before any host is asked.
    """
    wanted = [found for host in hosts for found in expand(host)]
    allowances = read(allowed) if allowed else ()
    heard(StepStarted("checks", 1))
    start = perf_counter()
    made: list[Comparison] = []

    def note(comparison: Comparison) -> None:
        made.append(comparison)
        heard(Compared(comparison))

    checks.run(wanted, note, folder=folder, allowed=allowed)
    step = StepDone("checks", perf_counter() - start)
    heard(step)
    named = tuple(Host(name, host) for name, host in zip(names(wanted), wanted, strict=True))
    left = tuple(idle(made, allowances))
    report = Report("compare", Verdict.PARITY, overall(made), named, tuple(made), (step,), left)
    heard(report)
    return report


def expand(address: str) -> list[str]:
    """Return the addresses that one stands for: an inventory's hosts, or itself, well spelt."""
    return [address] if is_snapshot(address) else spelling.expand(address)


def remember(address: str, path: Path, folder: Path | None = None) -> Snapshot:
    """Write what a host is into a JSON file, and return it."""
    (wanted,) = expand(address)
    seen: dict[str, Observation] = {}

    def note(comparison: Comparison) -> None:
        seen[comparison.check.name] = next(iter(comparison.observations.values()))

    checks.run([wanted], note, folder=folder, snapshot=path)
    return Snapshot(address, datetime.now(UTC), seen)
