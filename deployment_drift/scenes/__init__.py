"""The acts of the talk, one module each; each has a SCENE."""

from importlib import import_module

from deployment_drift.run import Scene

NAMES = ("drift", "container", "mail", "limits", "startup")
VARIANTS = {
    "machines": "demo-drift --machines vm",
    "moved": "demo-drift --machines moved",
    "cpus": "demo-limits --both-cpus",
}
"""Scenes that are another one's option, and what is typed for them."""


def command(name: str) -> str:
    """Return what is typed behind `./invoke` to play a scene."""
    return VARIANTS.get(name, f"demo-{name}")


def find(name: str) -> Scene:
    """Return a scene by its name; its module is loaded only now."""
    scene: Scene = import_module(f"deployment_drift.scenes.{name}").SCENE
    return scene
