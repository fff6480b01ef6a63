"""What is in the artifact, looked at before it is shipped."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docker
import pytest

from tests.demo.conftest import Invoke
from tests.demo.ssh_server import LABELS

PLANTED = b"FROM debian:trixie-slim\nENV MAIL_PASSWORD=moonlight\nRUN touch /a && rm /a\n"


@pytest.fixture
def planted(docker_client: docker.DockerClient, trixie: str) -> Iterator[str]:
    """Give an image with a password among its variables."""
    assert trixie
    image, _ = docker_client.images.build(fileobj=BytesIO(PLANTED), labels=LABELS, rm=True)
    yield str(image.id)
    docker_client.images.remove(str(image.id), force=True)


def test_the_artifact_holds_no_secret(invoke: Invoke, tmp_path: Path) -> None:
    """User, port and packages are told, the bill names PHP, and nothing in it is a secret."""
    file = tmp_path / "sbom.json"
    told = invoke("ship.inspect", "--sbom", str(file)).expect(0)
    assert "runs as   www-data" in told
    assert "listens   8080/tcp" in told
    names = {each["name"] for each in json.loads(file.read_text("utf-8"))["components"]}
    assert {"libapache2-mod-php8.4", "php8.4-intl", "base-files"} <= names
    assert f"packages  {len(names)}" in told


def test_a_planted_secret_is_named(invoke: Invoke, planted: str) -> None:
    """A password in an image is an error that says where it is, and not what it is."""
    ended = invoke("ship.inspect", "--image", planted)
    assert "history: a value of MAIL_PASSWORD" in ended.error(2)
    assert "moonlight" not in ended.err


def test_an_image_that_is_not_there(invoke: Invoke) -> None:
    """One sentence says so, and what to type next."""
    assert "has no image nowhere:1" in invoke("ship.inspect", "--image", "nowhere:1").error(2)
