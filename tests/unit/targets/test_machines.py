"""What a machine is given besides what all machines have."""

from pathlib import Path

import pytest

from deployment_drift import pace
from deployment_drift.targets.machines import DISKS, KVM, LIMIT, SHAPE, _called, _devices, _patience
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


def test_a_command_has_longer_where_a_boot_took_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that boots slowly answers slowly, too: ssh waits for as much longer."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    target = Target("web", "image", "machine")
    assert _patience(target) == 60
    pace.remember("boot, tcg", 120, least=LIMIT)
    assert _patience(target) == 120
