import pytest

from deployment_drift.build import names
from deployment_drift.build.names import Name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("local", Name("local", "", "")),
        ("local:php", Name("local", "php", "")),
        ("container@arm64", Name("container", "", "arm64")),
        ("images/relay:php@amd64", Name("images/relay", "php", "amd64")),
    ],
)
def test_name_has_parts(name: str, parts: Name) -> None:
    """A stage follows a colon, a CPU an at sign."""
    assert names.parse(name) == parts


@pytest.mark.parametrize(("cpu", "other"), [("amd64", "arm64"), ("arm64", "amd64")])
def test_other_cpu(cpu: str, other: str) -> None:
    """Of the two CPUs, it is the one that the machine has not."""
    assert names.other(cpu) == other


@pytest.mark.parametrize(
    ("cpu", "base"),
    [("arm64", "arm64v8/debian:trixie-slim"), ("amd64", "amd64/debian:trixie-slim")],
)
def test_base_for_one_cpu(cpu: str, base: str) -> None:
    """A base for one CPU is named as on Docker Hub, and its name tells the CPU."""
    assert names.base("debian:trixie-slim", cpu) == base
    assert names.cpu(base) == cpu


@pytest.mark.parametrize("base", ["debian:trixie-slim", "127.0.0.1:5000/debian:trixie-slim"])
def test_base_for_the_engines_cpu(base: str) -> None:
    """Other names promise no CPU."""
    assert names.cpu(base) == ""
