"""The acts of the talk, a folder each: its SCENE, its sentences, what it claims."""

import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from deployment_drift.errors import DriftError
from deployment_drift.scene import Scene


def folders() -> list[Path]:
    """Return the scenes' folders; no scene is loaded for it."""
    found = (folder for path in __path__ for folder in sorted(Path(path).iterdir()))
    return [folder for folder in found if (folder / "words.toml").is_file()]


def folder(name: str) -> Path:
    """Return a scene's folder."""
    return next(each for each in folders() if each.name == name)


def find(name: str) -> Scene:
    """Return a scene by its name; its module is loaded only now."""
    scene: Scene = import_module(f"{__name__}.{name}").SCENE
    return scene


def typed(words: str) -> Scene:
    """Return the scene for which this is typed: `demo-drift --machines vm`.

    Raises DriftError where no scene has such an option.
    """
    task, _, options = words.partition(" ")
    if not options:
        return find(task.removeprefix("demo-"))
    known = {scene.typed: scene for scene in story()}
    if words not in known:
        choices = [each for each in known if each.startswith(f"{task} ")]
        raise DriftError(f"{words}: no such scene", hint=" or ".join([task, *choices]))
    return known[words]


def story() -> list[Scene]:
    """Return the scenes of the talk in the order in which they are told."""
    found = [find(each.name) for each in iter_modules(__path__) if each.ispkg]
    return sorted((scene for scene in found if scene.order), key=lambda scene: scene.order)


def command(name: str) -> str:
    """Return what is typed behind `./invoke` to play a scene."""
    return find(name).typed


def read(file: Path) -> dict[str, Any]:
    """Return what is in a scene's, or checks', TOML file, nothing where there is none.

    Raises DriftError where it is broken.
    """
    try:
        return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise DriftError(f"{file} cannot be read: {error}", hint="see docs/checks.md") from error
