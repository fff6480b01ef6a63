"""What is said of the artifact for a second CPU."""

from pathlib import Path
from typing import Any

import pytest

from deployment_drift.build.images import Image
from deployment_drift.events import Event, Shown
from deployment_drift.run import Run
from deployment_drift.scenes import architecture, find


def image(number: int) -> Image:
    """Return an image whose id is that number."""
    return Image("container", f"sha256:{number}", "tag", 0, built=False)


@pytest.mark.parametrize(
    ("here", "there", "name", "holds"),
    [
        ("8.4.28", "8.4.28", "architecture_php", True),
        ("8.4.27", "8.4.28", "architecture_php_drifts", None),
        ("", "", "architecture_php", False),
        ("8.4.27", "", "architecture_php", False),
    ],
)
def test_php_is_compared(
    monkeypatch: pytest.MonkeyPatch, here: str, there: str, name: str, *, holds: bool | None
) -> None:
    """The same PHP is said; another one, from another day's packages, is said and not judged."""
    heard: list[Event] = []
    client: Any = None
    monkeypatch.setattr(architecture, "_ask", lambda *_: (here, "x86_64"))
    run = Run(find("architecture"), Path(), [heard.append])
    run.built[architecture.FOLDER] = image(1)
    architecture._tell(run, client, image(2), there)  # noqa: SLF001 -- what is said is the rule
    said = {each.name: each.holds for each in heard if isinstance(each, Shown)}
    assert said == {name: holds, "architecture_image": True}


def test_steps_follow_the_first_cpus() -> None:
    """The option adds two steps to the scene, and changes none."""
    names, more = list(find("limits").steps), list(find("architecture").steps)
    where = more.index("cpu") + 1
    assert more[where : where + 2] == ["architecture", "index"]
    assert more[:where] + more[where + 2 :] == names
