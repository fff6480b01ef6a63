"""Remembers which images are on engines because of us where no label says so: bases and steps."""

from deployment_drift import paths

BASES, STEPS = "bases", "steps"
"""Files of lines: the id and the name of a base image; the id of what a build's step has left."""


def add(kind: str, line: str) -> None:
    """Note one more; what is noted is there, however this process ends."""
    with (paths.state() / kind).open("a", encoding="ascii") as file:
        file.write(f"{line}\n")


def read(kind: str) -> list[str]:
    """Return what was noted so far."""
    file = paths.state() / kind
    return file.read_text("ascii").splitlines() if file.exists() else []


def forget() -> None:
    """Forget all that was noted."""
    for kind in (BASES, STEPS):
        (paths.state() / kind).unlink(missing_ok=True)
