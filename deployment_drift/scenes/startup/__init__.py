"""Restarting a PC against running a PHP command: the same program, started in four starts."""

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.scenes.startup.statements import (
    compare_starts,
    show_containers,
    show_hypervisor,
    show_machine,
)
from deployment_drift.scenes.startup.testing import show_tests
from deployment_drift.targets.disks import FOLDER

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
        "side_by_side": compare_starts,
        "tests": show_tests,
        "stop": steps.stop_hosts,
    },
    order=50,
    minutes=20,
    images=("container", FOLDER),
    machines=("container",),
)
