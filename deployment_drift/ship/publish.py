"""Builds the artifact, looks into it, and pushes it where the user says, and nowhere else."""

import sys
from dataclasses import replace

from deployment_drift import paths
from deployment_drift.build import images, names
from deployment_drift.build.images import Image
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.ship import index, registry, reproduce
from deployment_drift.ship.contents import Contents, look, require_no_secret
from deployment_drift.ship.registry import Name
from deployment_drift.ship.reproduce import Build
from deployment_drift.ship.secrets import secrets
from deployment_drift.targets.emulation import FOLDER as EMULATOR
from deployment_drift.targets.emulation import emulator

ARTIFACT = "container"


def publish(to: str, *, confirmed: bool, both_cpus: bool = False) -> Name:
    """Push the artifact, under a tag of its content if `to` has none; return its name by digest.

    both_cpus: push it for two CPUs, and return the one name of both.
    Unless `confirmed`, it asks on the terminal first. Raises DriftError where the answer is no.
    """
    name = Name.parse(to)
    if name.digest:
        what = f"{to!r} has a digest, which the registry gives"
        raise DriftError(what, hint=f"type {name.repository}")
    if not confirmed:
        require_yes(f"Push {ARTIFACT}/ to {name}?", f"nothing was pushed to {name}")
    engine = engines.connect(_tell)
    built = {engine.architecture: artifact(engine)}
    if both_cpus:
        other = names.other(engine.architecture)
        built[other] = _emulated(engine, f"{ARTIFACT}@{other}")
    tags = [each.tag.rpartition(":")[2] for each in built.values()]
    name = replace(name, tag=name.tag or "-".join(tags))
    with engines.opened(engine, limit=registry.SILENCE) as client:
        for each in built.values():
            require_no_secret(secrets(client.images.get(each.id).save()))
        if both_cpus:
            return index.push(client, {cpu: each.id for cpu, each in built.items()}, name, _tell)
        image = built[engine.architecture].id
        with registry.names_kept(client, image, name):
            return registry.push(client, image, name, _tell).name


def _emulated(engine: Engine, name: str) -> Image:
    """Return the artifact's image for another CPU, whose programs run here while it is built."""
    with engines.opened(engine) as client:
        if images.present(client, name, paths.root()):
            return artifact(engine, name)
        emulating = artifact(engine, EMULATOR).id
        with (
            ownership.session() as session,
            emulator(client, session, emulating, waiting=lambda: _tell("waiting")) as held,
        ):
            held.tell("on")
            return artifact(engine, name)


def inspect(image: str = "") -> Contents:
    """Return what an image of the engine holds; without a name, the artifact, which is built."""
    engine = engines.connect(_tell)
    name = image or artifact(engine).id
    with (
        ownership.session() as session,
        engines.opened(engine, limit=registry.SILENCE) as client,
    ):
        return look(client, session, name)


def again(to: str = "") -> tuple[Build, Build]:
    """Return the artifact as it was built, and as the same content is built anew now.

    to: another engine's context or address, which builds it instead of the same one.
    """
    engine = engines.connect(_tell)
    artifact(engine)
    if to:
        return reproduce.on_both(engine, engines.there(to), ARTIFACT, _tell, root=paths.root())
    return reproduce.builds(engine, ARTIFACT, _tell, root=paths.root())


def artifact(engine: Engine, name: str = ARTIFACT) -> Image:
    """Return the artifact's image, as it is built from its folder now."""
    (made,) = images.build_with_bases(
        engine, [name], lambda _, line: _tell(line), root=paths.root()
    )
    return made


def require_yes(question: str, otherwise: str) -> None:
    """Ask on the terminal. Raises DriftError, with `otherwise`, unless somebody says yes."""
    if not sys.stdin.isatty():
        raise DriftError(f"nobody was there to say yes: {otherwise}", hint="add --yes")
    _tell(f"{question} [y/N] ")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise DriftError(otherwise)


def _tell(line: str) -> None:
    print(line, file=sys.stderr)
