"""Problem: a local server and a release server, set up by two people."""

from functools import partial

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.run import Scene
from deployment_drift.steps import Part

FOLDERS = ("local", "release")
PARTS = (Part("local", "local"), Part("release", "release"))

SCENE = Scene(
    "drift",
    Verdict.DRIFT,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "hosts": partial(steps.start_hosts, parts=PARTS),
        "checks": steps.run_checks,
        "stop": steps.stop_hosts,
    },
    order=10,
    images=FOLDERS,
)
