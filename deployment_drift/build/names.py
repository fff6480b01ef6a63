"""Reads the names of what is built: a folder, a stage of its Dockerfile, another CPU."""

from typing import NamedTuple

CPUS = {"amd64": "amd64", "arm64": "arm64v8"}
"""The CPUs that an image may be built for, and Docker Hub's names for what is made for each alone.

Source: https://github.com/docker-library/official-images#architectures-other-than-amd64
"""


class Name(NamedTuple):
    """What a name like `folder:stage@cpu` says; "" for what it leaves out."""

    folder: str
    stage: str
    cpu: str


def parse(name: str) -> Name:
    """Return the parts of a name: `local`, `local:php`, or `container@arm64`."""
    rest, _, cpu = name.partition("@")
    folder, _, stage = rest.partition(":")
    return Name(folder, stage, cpu)


def other(cpu: str) -> str:
    """Return the CPU that an engine's machine does not have: arm64, or amd64 on all others."""
    return "arm64" if cpu == "amd64" else "amd64"


def base(name: str, cpu: str) -> str:
    """Return the name of a base image that is for one CPU alone."""
    return f"{CPUS[cpu]}/{name}"


def cpu(base: str) -> str:
    """Return the one CPU that a base image's name promises, "" for the engine's own."""
    owner = base.partition("/")[0]
    return next((each for each, hub in CPUS.items() if owner == hub), "")
