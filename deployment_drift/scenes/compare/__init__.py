"""Your servers: any two hosts, or a whole fleet, that somebody else has started."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.errors import DriftError
from deployment_drift.records import Host, Observation
from deployment_drift.run import Run
from deployment_drift.scene import Scene

if TYPE_CHECKING:
    from deployment_drift.compare.project import Project
    from deployment_drift.probe.snapshot import Snapshot


def ask(
    run: Run, hosts: Sequence[Host], folder: Path | None = None, said: "Project | None" = None
) -> None:
    """Ask every check, those in a folder if it is given, of every host."""
    run.serve(hosts)
    run.compare([host.address for host in hosts], folder, said)


SCENE = Scene("compare", Verdict.PARITY, {"checks": partial(ask, hosts=())}, command="compare")


def of(
    hosts: Sequence[str],
    allowed: Path | None = None,
    folder: Path | None = None,
    finds: Sequence[str] = (),
    said: "Project | None" = None,
) -> Scene:
    """Return the scene that compares hosts, the first with all others, by their addresses.

    allowed: a TOML file of accepted differences. folder: other checks than this project's.
    finds: kinds of things that have to be found on every host. said: a project's file.
    Raises DriftError for an address or a file with a fault in it, before any host is asked.
    """
    from deployment_drift.compare.project import Project, allowances
    from deployment_drift.probe.addresses import names
    from deployment_drift.probe.connections import secret_of

    wanted = [found for host in hosts for found in expand(host)]
    named = [Host(name, host) for name, host in zip(names(wanted), wanted, strict=True)]
    secret_of(wanted)
    if folder and not _may_hold_checks(folder):
        raise DriftError(f"{folder} is no folder of checks", hint="see docs/checks.md")
    if allowed:
        allowances(allowed)
    path = str(allowed.absolute()) if allowed else ""
    said = said or Project()
    asking = partial(ask, hosts=named, folder=folder, said=said)
    scene = replace(SCENE, steps={"checks": asking}, allowed=path, finds=tuple(finds))
    return replace(scene, pages=said.pages)


def _may_hold_checks(folder: Path) -> bool:
    with suppress(OSError):  # a name that is too long is that of nothing
        return folder.is_dir() or (folder.is_file() and folder.suffix == ".py")
    return False


def expand(address: str) -> list[str]:
    """Return the addresses that one stands for: an inventory's hosts, or itself, well spelt."""
    from deployment_drift.probe import addresses, snapshot

    return [address] if snapshot.is_snapshot(address) else addresses.expand(address)


def remember(
    address: str, path: Path, folder: Path | None = None, said: "Project | None" = None
) -> "Snapshot":
    """Write what a host is into a JSON file, and return it; what is asked is said as for `of`."""
    from deployment_drift.compare import checks
    from deployment_drift.probe.snapshot import Snapshot

    (wanted,) = expand(address)
    seen: dict[str, Observation] = {}

    def note(comparison: Comparison) -> None:
        seen[comparison.check.name] = next(iter(comparison.observations.values()))

    checks.run([wanted], note, folder=folder, snapshot=path, said=said)
    return Snapshot(address, datetime.now(UTC), seen)
