"""Releases an image on a target, unless somebody has changed by hand what runs there."""

import sys
from typing import TYPE_CHECKING, Protocol

from deployment_drift import paths
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.ship import on_kubernetes, release
from deployment_drift.ship.on_engine import OnEngine
from deployment_drift.ship.on_swarm import OnSwarm
from deployment_drift.ship.publish import ARTIFACT, require_yes
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import Running, drift
from deployment_drift.values import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Target(Protocol):
    """Where a release runs; as text, what people call it."""

    def running(self) -> Running | None:
        """Return what runs there now, None where nothing of ours does."""

    def roll_out(self, release: Release) -> str:
        """Let a version take over; where it is sick, the one before runs, and it is an error.

        Return what whoever releases should know of it, "" if nothing.
        """

    def take_down(self) -> str:
        """Remove what is ours; return what stays, because orders are in it."""


def target(kind: str, to: str) -> Target:
    """Return a target. to: another engine's context or address. Raises DriftError."""
    kinds: Mapping[str, Callable[[], Target]] = {
        "engine": lambda: OnEngine(_engine(to)),
        "swarm": lambda: OnSwarm(_engine(to)),
        "kubernetes": on_kubernetes.found,
    }
    if kind not in kinds:
        raise DriftError(f"there is no target {kind!r}", hint=f"--target {'|'.join(kinds)}")
    if to and kind == "kubernetes":
        what = f"kubectl knows where its cluster is, and is not led to {to}"
        raise DriftError(what, hint="kubectl config use-context NAME")
    return kinds[kind]()


def _engine(to: str) -> Engine:
    return engines.there(to) if to else engines.connect(_tell)


def roll_out(kind: str, to: str, image: str, *, confirmed: bool, anyway: bool) -> list[str]:
    """Release an image on a target; return what somebody has changed there, if that stopped it.

    Unless `confirmed`, it asks on the terminal first. With `anyway`, changes are overwritten.
    """
    made = release.read(paths.root() / ARTIFACT, image)
    where = target(kind, to)
    before = where.running()
    changed = [harmless(line) for line in drift(before)] if before else []
    if changed and not anyway:
        return [f"changed by hand on {where}, so nothing was released:", *changed]
    if before and before.found == made and before.well and not changed:
        _tell(f"{made.image} runs on {where} already")
        return []
    if not confirmed:
        now = f", where {before.found.image} runs" if before else ""
        question = f"Release {made.image} on {where}{now}?"
        require_yes(question, f"nothing was released on {where}")
    if said := where.roll_out(made):
        _tell(said)
    return []


def take_down(kind: str, to: str, *, confirmed: bool) -> str:
    """Remove a release from a target, and return what stays there."""
    where = target(kind, to)
    if not confirmed:
        require_yes(f"Take down the release on {where}?", f"nothing was taken down on {where}")
    return where.take_down()


def _tell(line: str) -> None:
    print(line, file=sys.stderr)
