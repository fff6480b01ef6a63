"""Honesty, with one step more: the artifact is built for the other CPU, too, and runs there."""

from collections.abc import Iterator
from dataclasses import replace

from deployment_drift.run import Step
from deployment_drift.scenes.limits import SCENE as LIMITS
from deployment_drift.scenes.limits.second import FOLDER, show_second


def _steps() -> Iterator[tuple[str, Step]]:
    for name, step in LIMITS.steps.items():
        yield name, step
        if name == "cpu":
            yield "second", show_second


SCENE = replace(
    LIMITS,
    name="cpus",
    steps=dict(_steps()),
    order=80,
    command="demo-limits --both-cpus",
    foreign=(FOLDER,),
)
