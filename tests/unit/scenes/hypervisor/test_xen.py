"""What the console has said, and in which order."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from deployment_drift.events import Event, Shown
from deployment_drift.records import Host
from deployment_drift.run import Run
from deployment_drift.scenes import find
from deployment_drift.scenes.hypervisor.emulated import Emulated
from deployment_drift.scenes.hypervisor.xen import crash, show_first
from deployment_drift.targets.computers import Computer

XEN, LINUX = "(XEN) Xen version 4.17.7 (Debian 4.17)", "Linux version 6.1.0-56-amd64 (debian)"


@pytest.mark.parametrize(
    ("said", "holds"),
    [([XEN, LINUX], True), ([LINUX, XEN], False), ([LINUX], False), ([XEN], False)],
)
def test_order_on_the_console_decides(tmp_path: Path, said: list[str], *, holds: bool) -> None:
    """Xen was first where its line stands above that of Linux; a missing line proves nothing."""
    told: list[Event] = []
    show_first(Run(find("hypervisor"), tmp_path, [told.append]), "\n".join(said))
    (shown,) = told
    assert isinstance(shown, Shown)
    assert (shown.name, shown.holds) == ("xen_first", holds)


def test_nothing_crashes_that_is_to_be_kept(tmp_path: Path) -> None:
    """With --keep both guests go on, and that one of them was spared is neither shown nor not."""
    told: list[Event] = []
    run = Run(find("hypervisor"), tmp_path, [told.append], keep=True)
    guest = Host("local", "ssh://root@127.0.0.1:1")
    run.handed(Emulated).computer = Computer(Mock(), guest, [guest, guest])
    crash(run)
    (shown,) = told
    assert isinstance(shown, Shown)
    assert (shown.name, shown.holds) == ("crash_left_out", None)
