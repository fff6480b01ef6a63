"""Builds the artifact, looks into it, and pushes it where the user says, and nowhere else."""

import sys
from dataclasses import replace

from deployment_drift import paths
from deployment_drift.build import bases, images
from deployment_drift.build.images import Image
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.ship import registry
from deployment_drift.ship.contents import Contents, look, require_no_secret
from deployment_drift.ship.registry import Moved, Name
from deployment_drift.ship.secrets import secrets

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
    built = artifact(engine)
    with engines.opened(engine, limit=registry.SILENCE) as client:
        require_no_secret(secrets(client.images.get(built.id).save()))
        there = replace(name, tag=name.tag or built.tag.rpartition(":")[2])
        with registry.names_kept(client, built.id, there):
            return registry.push(client, built.id, there, _tell)


def inspect(image: str = "") -> Contents:
    """Return what an image of the engine holds; without a name, the artifact, which is built."""
    engine = engines.connect(_tell)
    name = image or artifact(engine).id
    with (
        ownership.session() as session,
        engines.opened(engine, limit=registry.SILENCE) as client,
    ):
        return look(client, session, name)


def artifact(engine: Engine) -> Image:
    """Return the artifact's image, as it is built from its folder now."""
    root = paths.root()
    bases.prepare(engine, images.bases_of(ARTIFACT, root=root), lambda _, line: _tell(line))
    return images.build(engine, ARTIFACT, lambda _, line: _tell(line), root=root)


def _ask(name: Name) -> None:
    if not sys.stdin.isatty():
        raise DriftError(f"nobody was there to say whether to push to {name}", hint="add --yes")
    _tell(f"Push {ARTIFACT}/ to {name}? [y/N] ")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise DriftError(f"nothing was pushed to {name}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr)
