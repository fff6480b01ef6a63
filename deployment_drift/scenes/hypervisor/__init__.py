"""Bare metal: an emulated computer starts Xen and nothing before it, and guests run on that."""

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.scenes.hypervisor import emulated, xen
from deployment_drift.targets.computers import FOLDER, GUESTS, MACHINES

SCENE = Scene(
    "hypervisor",
    Verdict.SHOWN,
    {
        "engine": emulated.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "disks": emulated.make_disks,
        "computer": xen.switch_on,
        "guests": xen.show_guests,
        "inside": xen.show_inside,
        "xen_beside": xen.compare,
        "crash": xen.crash,
        "stop": steps.stop_hosts,
    },
    order=55,
    minutes=60,
    command="demo-startup --hypervisor xen",
    images=(*GUESTS, FOLDER),
    machines=MACHINES,
)
