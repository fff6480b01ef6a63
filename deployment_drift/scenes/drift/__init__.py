"""Problem: a local server and a release server, set up by two people."""

from functools import partial

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.targets.target import Target

FOLDERS = ("local", "release")
STORY = ("offer", "delivery", "find", "photo", "php_version", "upload_limit", "time_zone")
"""Checks by which the story is told: where these agree, other differences tell another one."""
TARGETS = (Target("local", "local"), Target("release", "release"))

SCENE = Scene(
    "drift",
    Verdict.DRIFT,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "hosts": partial(steps.start_hosts, targets=TARGETS),
        "checks": steps.run_checks,
        "stop": steps.stop_hosts,
    },
    order=10,
    minutes=10,
    requires=STORY,
    images=FOLDERS,
)
