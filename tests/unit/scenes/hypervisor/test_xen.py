"""What the console has said, and in which order."""

from pathlib import Path

import pytest

from deployment_drift.events import Event, Shown
from deployment_drift.run import Run
from deployment_drift.scenes import find
from deployment_drift.scenes.hypervisor.xen import show_first

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
