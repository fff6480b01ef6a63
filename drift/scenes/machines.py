"""Problem, on two real virtual machines: the same story, emulated and therefore slower."""

from functools import partial

from drift import steps
from drift.compare.comparison import Verdict
from drift.run import disks
from drift.scenes.drift import FOLDERS, PARTS
from drift.stage import Scene

SCENE = Scene(
    "machines",
    Verdict.DRIFT,
    {
        "engine": steps.find_engine,
        "bases": partial(steps.prepare_bases, folders=[*FOLDERS, disks.FOLDER]),
        "images": partial(steps.build_images, folders=FOLDERS),
        "disks": partial(steps.make_disks, folders=FOLDERS),
        "hosts": partial(steps.start_machines, parts=PARTS),
        "checks": steps.run_checks,
        "stop": steps.stop_hosts,
    },
)
