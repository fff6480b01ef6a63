"""Honesty: what a container does not give you, and what hardening gives back."""

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.run import Run
from deployment_drift.scene import Scene
from deployment_drift.scenes.container import TARGETS
from deployment_drift.scenes.limits.architecture import EMULATOR, OTHER, show_cpu
from deployment_drift.scenes.limits.environment import show_environment
from deployment_drift.scenes.limits.hardening import show_hardening
from deployment_drift.scenes.limits.kernel import (
    launch_machine,
    show_kernel,
    show_machine,
    show_memory,
)


def start_hosts(run: Run) -> None:
    """Launch the machine, which needs a while, and start the containers."""
    launch_machine(run)
    steps.start_hosts(run, TARGETS)


SCENE = Scene(
    "limits",
    Verdict.SHOWN,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "disks": steps.make_disks,
        "hosts": start_hosts,
        "kernel": show_kernel,
        "memory": show_memory,
        "isolation": show_hardening,
        "own_kernel": show_machine,
        "cpu": show_cpu,
        "environment": show_environment,
        "stop": steps.stop_hosts,
    },
    order=70,
    images=("container", OTHER, EMULATOR),
    machines=("container",),
)
