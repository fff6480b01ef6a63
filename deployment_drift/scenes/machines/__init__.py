"""Problem, on two real virtual machines: the same story, emulated and therefore slower."""

from dataclasses import replace
from functools import partial

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.scenes.drift import FOLDERS, STORY, TARGETS

MACHINES = tuple(replace(each, kind="machine") for each in TARGETS)

SCENE = Scene(
    "machines",
    Verdict.DRIFT,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "disks": steps.make_disks,
        "hosts": partial(steps.start_hosts, targets=MACHINES),
        "checks": steps.run_checks,
        "stop": steps.stop_hosts,
    },
    order=30,
    command="demo-drift --machines vm",
    requires=STORY,
    images=FOLDERS,
    machines=FOLDERS,
)
