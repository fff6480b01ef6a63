"""What a machine is given besides what all machines have."""

from deployment_drift.targets.machines import DISKS, KVM, SHAPE, _called, _devices
from deployment_drift.targets.target import Target


def test_emulated_machine_is_given_nothing_more() -> None:
    """A machine that is emulated, and forgets, has no device and no volume."""
    assert _devices(Target("web", "image", "machine")) == {}


def test_hypervisor_and_disk_are_given_on_demand() -> None:
    """KVM is one device, without a capability; a disk that lasts lies in the volume named."""
    assert _devices(Target("web", "image", "machine", accelerator="kvm"))["devices"] == [
        f"{KVM}:{KVM}"
    ]
    given = _devices(Target("web", "image", "machine", volumes={"disk": DISKS}))
    assert given == {"volumes": {"disk": {"bind": DISKS}}}
    assert SHAPE["cap_drop"] == ["ALL"]


def test_machines_are_told_from_containers_by_name() -> None:
    """In `docker ps` a machine is called so, once."""
    assert _called(Target("local", "image", "machine")) == "machine-local"
    assert _called(Target("machine", "image", "machine")) == "machine"
