"""What Amazon ECS is told, by the API's own model and a server that answers as ECS does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError

from deployment_drift import paths
from deployment_drift.ship.describe import describe
from deployment_drift.ship.release import Release, read
from tests.descriptions import ecs, told

IMAGE = f"123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/shop@sha256:{'0123456789abcdef' * 4}"
NOBODY = {"aws_access_key_id": "nobody", "aws_secret_access_key": "nothing"}


@pytest.fixture(scope="module")
def client(amazon: str) -> Iterator[Any]:
    """Give a client of a server of ECS's API."""
    made = boto3.client("ecs", region_name="ap-northeast-1", endpoint_url=amazon, **NOBODY)
    yield made
    made.close()


@pytest.fixture
def release() -> Release:
    """Give the release of the artifact's folder."""
    return read(paths.root() / "container", IMAGE)


def parameters(name: str, release: Release) -> Any:  # noqa: ANN401 -- JSON
    """Return what a call is given."""
    return json.loads(describe(paths.root(), name, release))


def test_ecs_runs_what_the_others_run(client: Any, release: Release) -> None:  # noqa: ANN401
    """The service that ECS tells of is of the release that Swarm and Kubernetes are told of."""
    service = parameters("ecs/service", release)
    client.create_cluster(clusterName=service["cluster"])
    client.register_task_definition(**parameters("ecs/task", release))
    client.create_service(**service)
    found = client.describe_services(cluster=service["cluster"], services=["shop"])["services"][0]
    task = client.describe_task_definition(taskDefinition=found["taskDefinition"])
    running = ecs(task["taskDefinition"], found)
    others = told(partial(describe, paths.root(), release=release))
    assert running == replace(others["swarm"], pids=0) == others["kubernetes"]


def test_one_call_takes_it_down(client: Any, release: Release) -> None:  # noqa: ANN401
    """The service goes as the page says, and one that is somebody else's stays."""
    service = parameters("ecs/service", release)
    client.create_cluster(clusterName="both")
    client.register_task_definition(**parameters("ecs/task", release))
    for name in ("shop", "theirs"):
        client.create_service(**{**service, "cluster": "both", "serviceName": name})
    client.delete_service(cluster="both", service="shop", force=True)
    left = client.describe_services(cluster="both", services=["shop", "theirs"])["services"]
    assert [each["serviceName"] for each in left if each["status"] == "ACTIVE"] == ["theirs"]


@pytest.mark.parametrize("wrong", [{"readOnlyRootFilesystem": True}, {"memory": "512"}])
def test_a_task_that_is_none_is_refused(
    client: Any,  # noqa: ANN401
    release: Release,
    wrong: dict[str, Any],
) -> None:
    """ECS's own model knows every word and type of the task definition: others are not sent."""
    task = parameters("ecs/task", release)
    task["containerDefinitions"][0] |= wrong
    with pytest.raises(ParamValidationError):
        client.register_task_definition(**task)


def test_a_service_needs_its_task(client: Any, release: Release) -> None:  # noqa: ANN401
    """A service of a task definition that is not registered is refused by the server."""
    service = parameters("ecs/service", release)
    client.create_cluster(clusterName=service["cluster"])
    with pytest.raises(ClientError):
        client.create_service(**{**service, "taskDefinition": "shop-of-nobody"})
