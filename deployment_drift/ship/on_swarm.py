"""A release on a Docker Swarm: it rolls out by health, and goes back by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import HostError
from deployment_drift.ship import registry
from deployment_drift.ship.describe import describe
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import LABEL, Running, read_back
from deployment_drift.targets import stack, swarm


@dataclass(frozen=True, slots=True)
class OnSwarm:
    """A release as the stack `shop` of a swarm; `engine` is one of its managers."""

    engine: Engine

    def __str__(self) -> str:
        """Return what people call it."""
        return f"the swarm at {self.engine.url}"

    def running(self) -> Running | None:
        """Return what runs there now; None where no such stack does."""
        with engines.opened(self.engine) as client:
            if client.info()["Swarm"].get("ControlAvailable") is not True:
                what = f"the engine at {self.engine.url} manages no swarm"
                raise HostError(what, hint="docker swarm init, or --to a manager")
        service = stack.service(self.engine)
        if not service:
            return None
        said = service["Spec"]
        told = read_back(said["Labels"].get(LABEL), f"the stack {swarm.STACK} on {self}")
        return Running(told, _as_found(said, told))

    def roll_out(self, release: Release) -> None:
        """Roll a version out. Raises HostError where it was sick: the old one runs then."""
        name = Name.parse(release.image)
        with engines.opened(self.engine, limit=registry.SILENCE) as client:
            if not images.find(client, str(name)):  # going back asks no registry
                registry.require(client, name, self.engine.architecture)
        stack.require_room(self.engine, release.replicas)
        was_there = stack.service(self.engine) is not None
        try:
            came_to = stack.deploy(self.engine, describe(paths.root(), "swarm", release))
        except HostError:
            if not was_there:
                self.take_down()
            raise
        if came_to != "completed":
            what = f"the new version was sick: {came_to.replace('_', ' ')}, the old one answers"
            hint = f"docker service ps --no-trunc {swarm.SERVICE}"
            raise HostError(what, hint=hint, detail="\n".join(stack.failures(self.engine)))

    def take_down(self) -> str:
        """Remove the stack that was released here; return what stays."""
        if self.running():
            stack.remove(self.engine)
        return f"volume {swarm.STACK}_spool of each node"


def _as_found(said: Mapping[str, Any], told: Release) -> Release:
    """Return the release that a service is now."""
    task = said["TaskTemplate"]
    program, limits = task["ContainerSpec"], task.get("Resources", {}).get("Limits", {})
    spools = [each["Target"] for each in program.get("Mounts", ()) if each["Type"] == "volume"]
    ports = [each["TargetPort"] for each in said.get("EndpointSpec", {}).get("Ports", ())]
    return replace(
        told,
        image=program["Image"],
        env=dict(each.partition("=")[::2] for each in program.get("Env", ())),
        user=int(program.get("User") or 0),
        port=ports[0] if ports else 0,
        health=program.get("Healthcheck", {}).get("Test", [""])[1:],
        memory=limits.get("MemoryBytes", 0) >> 20,
        pids=limits.get("Pids", 0),
        replicas=said["Mode"]["Replicated"]["Replicas"],
        spool=spools[0] if spools else "",
    )
