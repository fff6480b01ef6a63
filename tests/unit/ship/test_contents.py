"""What an image holds, told to people and to programs."""

import json

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.ship.contents import Contents, Layer, bill, lines, require_no_secret
from deployment_drift.ship.secrets import Secret

PACKAGES = {"php8.4-cli": ("8.4.24-1", "amd64"), "libc6:amd64": ("2.41-12", "amd64")}
HELD = Contents(
    id="sha256:1",
    architecture="amd64",
    user="www-data",
    ports=["8080/tcp"],
    layers=[Layer(1_000_000, "COPY app"), Layer(80_000_000, "/bin/sh -c \x1b[31mapt-get")],
    packages=PACKAGES,
    secrets=[],
)


def test_lines_are_harmless_and_the_largest_layer_is_first() -> None:
    """Size, user and ports are told; what a layer's command would do to a terminal is not done."""
    told = lines(HELD)
    assert "size      81.0 MB" in told
    assert "runs as   www-data" in told
    assert told[-2].split() == ["80.0", "/bin/sh", "-c", "\\x1b[31mapt-get"]
    assert told[-1].split() == ["1.0", "COPY", "app"]


def test_bill_has_every_package() -> None:
    """The bill of materials is CycloneDX's, and names each package by version and architecture."""
    made = json.loads(bill(HELD))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert {each["purl"] for each in made["components"]} == {
        "pkg:deb/debian/php8.4-cli@8.4.24-1?arch=amd64",
        "pkg:deb/debian/libc6@2.41-12?arch=amd64",
    }


def test_a_secret_is_an_error() -> None:
    """Its place is named and its kind."""
    require_no_secret([])
    with pytest.raises(DriftError) as raised:
        require_no_secret([Secret("srv/key", "a private key")])
    assert raised.value.detail == "srv/key: a private key"
