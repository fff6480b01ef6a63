"""Honesty: what a container does not give you, and what hardening gives back."""

from functools import partial

from drift import steps
from drift.compare.comparison import Verdict
from drift.scenes.container import PARTS
from drift.scenes.limits.beyond import show_beyond
from drift.scenes.limits.foreign import EMULATOR, FOREIGN, show_cpu
from drift.scenes.limits.hardening import show_hardening
from drift.scenes.limits.kernel import show_kernel, show_memory
from drift.stage import Scene

FOLDERS = ("container", FOREIGN, EMULATOR)

SCENE = Scene(
    "limits",
    Verdict.SHOWN,
    {
        "engine": steps.find_engine,
        "bases": partial(steps.prepare_bases, folders=FOLDERS),
        "images": partial(steps.build_images, folders=FOLDERS),
        "hosts": partial(steps.start_hosts, parts=PARTS),
        "kernel": show_kernel,
        "memory": show_memory,
        "isolation": show_hardening,
        "cpu": show_cpu,
        "beyond": show_beyond,
        "stop": steps.stop_hosts,
    },
)
