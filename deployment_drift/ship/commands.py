"""The commands that ship: what goes where, and what it is told there."""

from invoke import Collection, Context, task

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


@task(help={"to": "REGISTRY/NAME or REGISTRY/NAME:TAG", "yes": "push without asking first"})
@ends_with_status
def push(_: Context, to: str = "", yes: bool = False) -> int:
    """Build the artifact, push it to a registry, and print its name by digest."""
    from deployment_drift.ship.publish import publish

    print(publish(to, confirmed=yes).name)
    return 0


namespace = Collection("ship", describe, push)
