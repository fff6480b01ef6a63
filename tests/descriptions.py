"""Reads what a target was told, or tells, back into the release that it is of."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from deployment_drift.ship.release import Release


def swarm(text: str) -> Release:
    """Return what a stack file tells, read as Swarm reads it: `$$` is one dollar sign."""
    said = yaml.safe_load(text.replace("$$", "$"))["services"]["shop"]
    limits = said["deploy"]["resources"]["limits"]
    (volume,) = [each for each in said["volumes"] if each["type"] == "volume"]
    assert (said["read_only"], said["cap_drop"]) == (True, ["ALL"])
    return Release(
        image=said["image"],
        env=said["environment"],
        user=int(said["user"]),
        port=said["ports"][0]["target"],
        health=program(said["healthcheck"]["test"]),
        memory=int(limits["memory"].removesuffix("M")),
        pids=limits["pids"],
        replicas=said["deploy"]["replicas"],
        spool=volume["target"],
    )


def kubernetes(text: str) -> Release:
    """Return what a manifest tells; it says nothing of processes, which is for nodes to bound."""
    said = {each["kind"]: each for each in yaml.safe_load_all(text)}
    deployment, variables = said["Deployment"]["spec"], said["ConfigMap"]
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    probes = [container[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")]
    assert len({tuple(probe["exec"]["command"]) for probe in probes}) == 1
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["envFrom"] == [{"configMapRef": {"name": variables["metadata"]["name"]}}]
    places = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    return Release(
        image=container["image"],
        env=variables["data"],
        user=pod["securityContext"]["runAsUser"],
        port=container["ports"][0]["containerPort"],
        health=probes[0]["exec"]["command"],
        memory=int(container["resources"]["limits"]["memory"].removesuffix("Mi")),
        pids=0,
        replicas=deployment["replicas"],
        spool=places["spool"],
    )


def ecs(task: Mapping[str, Any], service: Mapping[str, Any]) -> Release:
    """Return what a task definition and its service tell; ECS bounds no processes."""
    (said,) = task["containerDefinitions"]
    (place,) = said["mountPoints"]
    assert said["readonlyRootFilesystem"]
    assert said["linuxParameters"]["capabilities"]["drop"] == ["ALL"]
    return Release(
        image=said["image"],
        env={each["name"]: each["value"] for each in said["environment"]},
        user=int(said["user"]),
        port=said["portMappings"][0]["containerPort"],
        health=program(said["healthCheck"]["command"]),
        memory=said["memory"],
        pids=0,
        replicas=service["desiredCount"],
        spool=place["containerPath"],
    )


def program(check: Sequence[str]) -> list[str]:
    """Return the program of a health check that is `CMD` and its words."""
    kind, *words = check
    assert kind == "CMD"
    return words


def told(describe: Callable[[str], str]) -> dict[str, Release]:
    """Return the release that each target is told of. describe: gives a description by its name."""
    return {
        "swarm": swarm(describe("swarm")),
        "kubernetes": kubernetes(describe("kubernetes/shop")),
        "ecs": ecs(json.loads(describe("ecs/task")), json.loads(describe("ecs/service"))),
    }
