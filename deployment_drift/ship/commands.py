"""The commands that ship: what goes where, and what it is told there."""

from typing import Annotated

from invoke import Collection, Context, task

from deployment_drift import files
from deployment_drift.cli import ends_with_status


@task(
    positional=["target"],
    help={"target": "a file of deploy/, as kubernetes/shop", "image": "NAME@sha256:…"},
)
@ends_with_status
def describe(_: Context, target: str | None = None, image: str = "") -> int:
    """Print what a target is told of the release, to be piped to its own command."""
    from deployment_drift import paths
    from deployment_drift.ship import release
    from deployment_drift.ship.describe import describe as described

    made = release.read(paths.root() / "container", image)
    print(described(paths.root(), target or "", made), end="")
    return 0


@task(
    help={
        "to": "REGISTRY/NAME or REGISTRY/NAME:TAG",
        "yes": "push without asking first",
        "both-cpus": "for amd64 and arm64, under one name: takes minutes the first time",
    }
)
@ends_with_status
def push(_: Context, to: str = "", yes: bool = False, both_cpus: bool = False) -> int:
    """Build the artifact, push it to a registry, and print its name by digest."""
    from deployment_drift.ship.publish import publish

    print(publish(to, confirmed=yes, both_cpus=both_cpus))
    return 0


@task(help={"image": "any image of the engine (default: the artifact)", "sbom": "write it here"})
@ends_with_status
def inspect(_: Context, image: str = "", sbom: Annotated[str, files.BILL] = "") -> int:
    """Print what an image holds; write its packages as CycloneDX; a secret in it is an error."""
    from pathlib import Path

    from deployment_drift.ship import contents
    from deployment_drift.ship.publish import inspect as looked_at

    found = looked_at(image)
    print(*contents.lines(found), sep="\n")
    if sbom:
        files.write(Path(sbom), contents.bill(found))
    contents.require_no_secret(found.secrets)
    return 0


@task(help={"to": "another engine that builds it: a context, or an address as ssh://USER@HOST"})
@ends_with_status
def reproduce(_: Context, to: str = "") -> int:
    """Build the artifact a second time, and say what differs and why; 1 if more than that does."""
    from deployment_drift.ship.differences import lines
    from deployment_drift.ship.publish import again

    first, second = again(to)
    print(*lines(first, second), sep="\n")
    return int(first.fixed != second.fixed)


WHERE = {
    "target": "engine, swarm or kubernetes",
    "to": "another engine: a context, or an address as ssh://USER@HOST (default: the client's own)",
    "yes": "without asking first",
}


@task(
    help={
        "image": "NAME@sha256:…, as ship.push prints it",
        **WHERE,
        "anyway": "overwrite what somebody has changed there by hand",
    }
)
@ends_with_status
def release(
    _: Context,
    image: str = "",
    target: str = "engine",
    to: str = "",
    yes: bool = False,
    anyway: bool = False,
) -> int:
    """Release an image by its digest on a target; a sick one leaves the one before as it is."""
    from deployment_drift.ship.rollout import roll_out

    changed = roll_out(target, to, image, confirmed=yes, anyway=anyway)
    print(*(changed or [image]), sep="\n")
    return 1 if changed else 0


@task(help=WHERE)
@ends_with_status
def take_down(_: Context, target: str = "engine", to: str = "", yes: bool = False) -> int:
    """Take a release down again, and nothing that is not ours; its orders stay."""
    from deployment_drift.ship.rollout import take_down as taken_down

    print(
        f"taken down; what stays, because orders are in it: {taken_down(target, to, confirmed=yes)}"
    )
    return 0


namespace = Collection("ship", describe, inspect, push, release, reproduce, take_down)
