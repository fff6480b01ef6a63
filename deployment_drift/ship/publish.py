"""Builds the artifact and pushes it where the user says, and nowhere else."""

import sys
from dataclasses import replace

from deployment_drift import paths
from deployment_drift.build import bases, images
from deployment_drift.engine import engines
from deployment_drift.errors import DriftError
from deployment_drift.ship import registry
from deployment_drift.ship.registry import Moved, Name

ARTIFACT = "container"


def publish(to: str, *, confirmed: bool) -> Moved:
    """Push the artifact, under a tag of its content if `to` has none, and return what was moved.

    Unless `confirmed`, it asks on the terminal first. Raises DriftError where the answer is no.
    """
    name = Name.parse(to)
    if name.digest:
        what = f"{to!r} has a digest, which the registry gives"
        raise DriftError(what, hint=f"type {name.repository}")
    if not confirmed:
        _ask(name)
    engine = engines.connect(_tell)
    wanted = images.bases_of(ARTIFACT, root=paths.root())
    bases.prepare(engine, wanted, lambda _, line: _tell(line))
    built = images.build(engine, ARTIFACT, lambda _, line: _tell(line), root=paths.root())
    with engines.opened(engine, limit=registry.SILENCE) as client:
        tag = name.tag or built.tag.rpartition(":")[2]
        return registry.push(client, built.id, replace(name, tag=tag), _tell)


def _ask(name: Name) -> None:
    if not sys.stdin.isatty():
        raise DriftError(f"nobody was there to say whether to push to {name}", hint="add --yes")
    _tell(f"Push {ARTIFACT}/ to {name}? [y/N] ")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise DriftError(f"nothing was pushed to {name}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr)
