"""The scenes by their names, and what is typed for each."""

import pytest

from deployment_drift import paths
from deployment_drift.scenes import NAMES, VARIANTS, command, find


@pytest.mark.parametrize("name", [*NAMES, *VARIANTS])
def test_scene_has_its_name(name: str) -> None:
    """A scene is found by its name, and ends by taking everything away."""
    scene = find(name)
    assert scene.name == name
    assert list(scene.steps)[-1] == "stop"
    assert set(scene.machines) <= set(scene.images)


@pytest.mark.parametrize("name", [*NAMES, *VARIANTS])
def test_command_is_a_task(name: str) -> None:
    """What is typed for a scene is a task of tasks.py, with an option that it has."""
    tasks = (paths.root() / "tasks.py").read_text()
    task, *words = command(name).split()
    assert f"def {task.replace('-', '_')}(" in tasks
    for word in words:
        option = word.removeprefix("--").replace("-", "_")
        assert f"    {option}: " in tasks if word.startswith("--") else f"{word}=" in tasks
