"""Restarting a PC against running a PHP command: the same program, started in four ways."""

from functools import partial

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

FOLDERS = ("container", FOLDER)

SCENE = Scene(
    "startup",
    Verdict.SHOWN,
    {
        "engine": steps.find_engine,
        "bases": partial(steps.prepare_bases, folders=FOLDERS),
        "images": partial(steps.build_images, folders=FOLDERS),
        "disks": partial(steps.make_disks, folders=["container"]),
        "containers": show_containers,
        "machine": show_machine,
        "hypervisor": show_hypervisor,
        "ways": compare_ways,
        "tests": show_tests,
        "stop": steps.stop_hosts,
    },
)
