"""A release on a Docker Swarm: it rolls out by health, and goes back by itself."""

from base64 import b64decode
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
from deployment_drift.ship.release import Release, number
from deployment_drift.ship.told import LABEL, Running, kept, read_back, remembered, settings
from deployment_drift.targets import stack, swarm

KEPT = f"{swarm.STACK}-told"
"""The swarm's own config in which is kept how it took a release; no service has it."""
_PROGRAM = "TaskTemplate.ContainerSpec"
_OWN = (
    f"{_PROGRAM}.Image", f"{_PROGRAM}.Env", f"{_PROGRAM}.User", f"{_PROGRAM}.Healthcheck.Test",
    "TaskTemplate.Resources.Limits.MemoryBytes", "TaskTemplate.Resources.Limits.Pids",
    "Mode.Replicated.Replicas", f"Labels.{LABEL}",
    "TaskTemplate.ForceUpdate",  # it counts restarts
)  # fmt: skip
"""What is a release's, and named as such."""


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
        was = remembered(self._kept(), told)
        found, well = _as_found(said, told), stack.settled(self.engine)
        return Running(told, found, was, settings(said, _OWN), well)

    def roll_out(self, release: Release) -> str:
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
        self.keep(release)
        return ""

    def take_down(self) -> str:
        """Remove the stack that was released here; return what stays."""
        if self.running():
            stack.remove(self.engine)
            self._forget()
        return f"volume {swarm.STACK}_spool of each node"

    def keep(self, release: Release) -> None:
        """Write down how the swarm took a release: what differs later, somebody did by hand."""
        self._forget()
        said = (stack.service(self.engine) or {}).get("Spec", {})
        content = kept(release, settings(said, _OWN)).encode()
        with engines.opened(self.engine) as client:
            client.configs.create(name=KEPT, data=content, labels={LABEL: swarm.STACK})

    def _forget(self) -> None:
        with engines.opened(self.engine) as client:
            for each in client.configs.list(filters={"name": KEPT}):
                each.remove()

    def _kept(self) -> str:
        with engines.opened(self.engine) as client:
            found = client.configs.list(filters={"name": KEPT})
            return b64decode(found[0].attrs["Spec"]["Data"]).decode() if found else ""


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
        user=number(program.get("User")),
        port=ports[0] if ports else 0,
        health=program.get("Healthcheck", {}).get("Test", [""])[1:],
        memory=limits.get("MemoryBytes", 0) >> 20,
        pids=limits.get("Pids", 0),
        replicas=said["Mode"].get("Replicated", {}).get("Replicas", 0),
        spool=spools[0] if spools else "",
    )
