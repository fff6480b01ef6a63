"""Amazon ECR's login and its immutable tags, by a server that answers as ECR does."""

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import boto3
import pytest
from botocore.exceptions import ClientError

from deployment_drift.errors import DriftError
from deployment_drift.ship import complaints, login, registry
from deployment_drift.ship.registry import Name

HOST = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"
TOKEN = "123456789012-auth-token"  # noqa: S105 -- what the server gives everybody
AMAZON = {"username": "AWS", "password": TOKEN}
MANIFEST = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    "config": {"digest": f"sha256:{'c' * 64}"},
}
DIGESTS = [f"sha256:{each * 64}" for each in "ab"]


@pytest.fixture(autouse=True)
def _user(amazon: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be somebody whom Amazon knows, who has never typed `docker login`."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_ENDPOINT_URL", amazon)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))


@pytest.fixture
def ecr() -> Iterator[Any]:
    """Give a client of ECR's own API."""
    made = boto3.client("ecr", region_name="ap-northeast-1")
    yield made
    made.close()


def test_amazon_is_asked_for_the_login() -> None:
    """ECR's password is what its API gives; other registries have none that Amazon knows."""
    assert login.find(HOST) == AMAZON
    assert login.find(f"{HOST}.example") is None
    assert login.find("registry.example") is None


def test_what_docker_knows_goes_first(tmp_path: Path) -> None:
    """Somebody who has logged in with the Docker client is that one, for ECR as well."""
    told = base64.b64encode(b"me:moonlight").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {HOST: {"auth": told}}}))
    found = login.find(HOST) or {}
    assert (found["username"], found["password"]) == ("me", "moonlight")


def test_the_engine_is_told_the_login() -> None:
    """A push, a pull and a look-up send it along, and it is in nothing that is said."""
    client, said = Mock(), list[str]()
    client.info.return_value = {}
    pushed = [{"status": "Pushed", "id": "a" * 12}, {"aux": {"Digest": DIGESTS[0]}}]
    client.api.push.return_value = client.api.pull.return_value = pushed
    client.api.inspect_distribution.return_value = {
        "Descriptor": {"digest": DIGESTS[0]},
        "Platforms": [],
    }
    name = Name(HOST, "shop", "1")
    assert registry.push(client, "sha256:1", name, said.append).name.digest == DIGESTS[0]
    registry.pull(client, name, said.append)
    registry.look_up(client, name)
    assert client.api.push.call_args.kwargs["auth_config"] == AMAZON
    assert client.api.pull.call_args.kwargs["auth_config"] == AMAZON
    assert client.api.inspect_distribution.call_args.args[1] == AMAZON
    assert TOKEN not in "".join(said)


def test_nobody_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom Amazon does not know is told so, and what to type."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(DriftError, match=f"no login for {HOST}") as caught:
        login.find(HOST)
    assert caught.value.hint.startswith("aws ")
    assert "credentials" in caught.value.detail


def test_without_boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where boto3 is missing, one sentence says so, and how to get it."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(DriftError, match="takes boto3, or docker login") as caught:
        login.find(HOST)
    assert caught.value.hint.endswith("-m pip install boto3")


def test_an_immutable_tag_stays(ecr: Any) -> None:  # noqa: ANN401
    """A tag that nobody may move is refused, which is said; what it names stays."""
    ecr.create_repository(repositoryName="shop", imageTagMutability="IMMUTABLE")
    first, second = (
        {"imageManifest": json.dumps(MANIFEST), "imageDigest": digest} for digest in DIGESTS
    )
    ecr.put_image(repositoryName="shop", imageTag="1", **first)
    with pytest.raises(ClientError) as refused:
        ecr.put_image(repositoryName="shop", imageTag="1", **second)
    error = complaints.explained(Name(HOST, "shop", "1"), str(refused.value))
    assert "lets nobody move it" in error.what
    (kept,) = ecr.list_images(repositoryName="shop")["imageIds"]
    assert kept == {"imageTag": "1", "imageDigest": DIGESTS[0]}
