"""Honesty: what a container does not give you, and what hardening gives back."""

from drift import steps
from drift.compare.comparison import Verdict
from drift.scenes.container import PARTS
from drift.scenes.limits.beyond import show_beyond
from drift.scenes.limits.foreign import EMULATOR, FOREIGN, show_cpu
from drift.scenes.limits.hardening import show_hardening
from drift.scenes.limits.kernel import show_kernel, show_memory
from drift.scenes.limits.machine import launch_machine, show_machine
from drift.stage import Scene, Stage


def start_hosts(stage: Stage) -> None:
    """Launch the machine, which needs a while, and start the containers."""
    launch_machine(stage)
    steps.start_hosts(stage, PARTS)


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
        "beyond": show_beyond,
        "stop": steps.stop_hosts,
    },
    images=("container", FOREIGN, EMULATOR),
    machines=("container",),
)
