"""Problem, on two real virtual machines: the same story, emulated and therefore slower."""

from functools import partial

from drift import steps
from drift.compare.comparison import Verdict
from drift.scenes.drift import FOLDERS, PARTS
from drift.stage import Scene

SCENE = Scene(
    "machines",
    Verdict.DRIFT,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "disks": steps.make_disks,
        "hosts": partial(steps.start_machines, parts=PARTS),
        "checks": steps.run_checks,
        "stop": steps.stop_hosts,
    },
    images=FOLDERS,
    machines=FOLDERS,
)
