"""What a machine is given besides what all machines have."""

from deployment_drift.targets.machines import DISKS, KVM, SHAPE, Recipe, _devices


def test_emulated_machine_is_given_nothing_more() -> None:
    """A machine that is emulated, and forgets, has no device and no volume."""
    assert _devices(Recipe("web", "image")) == {}


def test_hypervisor_and_disk_are_given_on_demand() -> None:
    """KVM is one device, without a capability; a disk that lasts lies in the volume named."""
    assert _devices(Recipe("web", "image", accelerator="kvm"))["devices"] == [f"{KVM}:{KVM}"]
    given = _devices(Recipe("web", "image", volume="disk"))
    assert given == {"volumes": {"disk": {"bind": DISKS}}}
    assert SHAPE["cap_drop"] == ["ALL"]
