"""Problem, on two real virtual machines: the same story, emulated and therefore slower."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.records import Host
from deployment_drift.scene import Scene
from deployment_drift.scenes import compare
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


def of(scene: Scene, addresses: Sequence[str]) -> Scene:
    """Return this scene on machines that somebody else has started, by their addresses.

    Raises DriftError for another scene than this one, and unless it is two that are named well.
    """
    if scene is not SCENE or len(addresses) != len(FOLDERS):
        what = "a scene on machines of your own needs two of them"
        raise DriftError(what, hint=typed(f"{SCENE.typed} --local ssh://… --release ssh://…"))
    compare.of(addresses)
    hosts = [Host(name, address) for name, address in zip(FOLDERS, addresses, strict=True)]
    asking = partial(compare.ask, hosts=hosts)
    return replace(SCENE, steps={"checks": asking}, images=(), machines=())
