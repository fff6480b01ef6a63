"""What the console of a computer with Linux has said, and in which order."""

from pathlib import Path

import pytest

from deployment_drift.events import Event, Shown
from deployment_drift.run import Run
from deployment_drift.scenes import find
from deployment_drift.scenes.nested.kvm import show_first

LINUX, GUEST = "Linux version 6.1.0-56-amd64 (debian)", "starts container through /dev/kvm"
XEN = "(XEN) Xen version 4.17.7 (Debian 4.17)"


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ([LINUX, GUEST], True),
        ([GUEST, LINUX], False),
        ([LINUX], False),
        ([XEN, LINUX, GUEST], False),
    ],
)
def test_system_comes_before_its_hypervisor(
    tmp_path: Path, said: list[str], *, holds: bool
) -> None:
    """Linux was first where KVM's guest comes after it, and no other hypervisor before."""
    told: list[Event] = []
    show_first(Run(find("nested"), tmp_path, [told.append]), "\n".join(said))
    (shown,) = told
    assert isinstance(shown, Shown)
    assert (shown.name, shown.holds) == ("linux_first", holds)
