"""A hypervisor on top of a system: an emulated computer starts Linux, and a guest through KVM."""

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.scenes.hypervisor import emulated
from deployment_drift.scenes.nested import kvm
from deployment_drift.scenes.startup.statements import show_hypervisor
from deployment_drift.targets.computers import FOLDER, GUESTS, MACHINES

SCENE = Scene(
    "nested",
    Verdict.SHOWN,
    {
        "engine": emulated.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "disks": emulated.make_disks,
        "hypervisor": show_hypervisor,
        "host": kvm.switch_on,
        "through_kvm": kvm.show_guest,
        "kvm_beside": kvm.compare,
        "stop": steps.stop_hosts,
    },
    order=56,
    minutes=60,
    command="demo-startup --hypervisor kvm",
    images=(*GUESTS, FOLDER),
    machines=MACHINES,
)
