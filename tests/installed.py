"""Programs that tests need: who may install packages on this machine gets them."""

import shutil

import pytest

from deployment_drift.engine import packages


def need(name: str, package: str = "") -> str:
    """Return the path of a program, from a package of its name or another; else skip the test."""
    if not shutil.which(name) and packages.can_install():
        packages.install([package or name])
    if not (found := shutil.which(name)):
        pytest.skip(f"{name} is not installed")
    return found


def shell(words: str) -> list[str]:
    """Return the words that start a shell, `busybox sh`, which is there then."""
    name, *more = words.split()
    need(name, "busybox-static" if name == "busybox" else name)
    return [name, *more]
