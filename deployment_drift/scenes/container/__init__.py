"""Cure: one image that runs here and as the release; only the env file differs."""

from functools import partial

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.targets.target import Target

ALLOWED = "container/allowed.toml"
TARGETS = (
    Target("local", "container", env_file="local.env", port=8080, hardened=True),
    Target("release", "container", env_file="release.env", port=8080, hardened=True),
)

SCENE = Scene(
    "container",
    Verdict.PARITY,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "hosts": partial(steps.start_hosts, targets=TARGETS),
        "image": steps.compare_images,
        "checks": steps.run_checks,
        "stop": steps.stop_hosts,
    },
    order=20,
    minutes=10,
    allowed=ALLOWED,
    requires=("image",),
    images=("container",),
)
