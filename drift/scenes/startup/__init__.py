"""Restarting a PC against running a PHP command: the same program, started in four ways."""

from drift import steps
from drift.compare.comparison import Verdict
from drift.run.disks import FOLDER
from drift.scenes.startup.showing import (
    compare_ways,
    show_containers,
    show_hypervisor,
    show_machine,
)
from drift.scenes.startup.trials import show_tests
from drift.stage import Scene

SCENE = Scene(
    "startup",
    Verdict.SHOWN,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "disks": steps.make_disks,
        "containers": show_containers,
        "machine": show_machine,
        "hypervisor": show_hypervisor,
        "ways": compare_ways,
        "tests": show_tests,
        "stop": steps.stop_hosts,
    },
    images=("container", FOLDER),
    machines=("container",),
)
