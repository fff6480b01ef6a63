"""A release on Kubernetes; where there is no cluster, Podman plays the same description."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from deployment_drift import paths
from deployment_drift.errors import HostError
from deployment_drift.ship.describe import describe
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import LABEL, Running, read_back, written
from deployment_drift.waiting import until

SHOP, SPOOL = "kubernetes/shop", "kubernetes/spool"
POD = "shop-pod-0-shop"
"""What Podman calls the container of the first replica."""
TOLD = "shop-told"
"""A volume of Podman's that has the label: it forgets the annotations of a Deployment."""
LIMIT = 90
"""Seconds that a version has until it is ready."""
_PAUSE = 0.3


def found() -> "Cluster | Podman":
    """Return the cluster that kubectl would use, else Podman. Raises HostError without both."""
    if shutil.which("kubectl") and _said("kubectl", "config", "current-context", or_else=""):
        return Cluster()
    if shutil.which("podman"):
        return Podman()
    hint = "kubectl config use-context NAME, or apt-get install podman"
    raise HostError("kubectl has no cluster here, and there is no podman", hint=hint)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A release as the Deployment `shop` of the cluster and namespace that kubectl uses."""

    def __str__(self) -> str:
        """Return what people call it."""
        return f"the cluster {_said('kubectl', 'config', 'current-context')}"

    def running(self) -> Running | None:
        """Return what runs there now; None where no such Deployment does."""
        wanted = ["deployment/shop", "configmap/shop", "--ignore-not-found", "--output=json"]
        said = json.loads(_said("kubectl", "get", *wanted) or '{"items": []}')
        kinds = {each["kind"]: each for each in said["items"]}
        if "Deployment" not in kinds:
            return None
        deployment = kinds["Deployment"]["spec"]
        label = deployment["template"]["metadata"].get("annotations", {}).get(LABEL)
        told = read_back(label, "the Deployment shop")
        variables = kinds.get("ConfigMap", {}).get("data", {})
        return Running(told, _deployed(deployment, variables, told))

    def roll_out(self, release: Release) -> None:
        """Roll a version out; where it does not get ready, the one before is told again."""
        before = self.running()
        self._apply(SPOOL, release)
        self._apply(SHOP, release)
        try:
            _said("kubectl", "rollout", "status", "deployment/shop", f"--timeout={LIMIT}s")
        except HostError as error:
            self._apply(SHOP, before.told) if before else self.take_down()
            raise _sick(error.detail) from error

    def take_down(self) -> str:
        """Remove what was released here; return what stays."""
        if before := self.running():
            told = describe(paths.root(), SHOP, before.told)
            _said("kubectl", "delete", "--ignore-not-found", "-f", "-", given=told)
        return "claim spool"

    def _apply(self, name: str, release: Release) -> None:
        _said("kubectl", "apply", "-f", "-", given=describe(paths.root(), name, release))


@dataclass(frozen=True, slots=True)
class Podman:
    """A release as a pod of Podman's: one replica, which is stopped before the next starts."""

    def __str__(self) -> str:
        """Return what people call it."""
        return "Podman on this machine"

    def running(self) -> Running | None:
        """Return what runs there now; None where no such pod does."""
        said = json.loads(_said("podman", "container", "inspect", POD, or_else="[]") or "[]")
        if not said:
            return None
        kept = json.loads(_said("podman", "volume", "inspect", TOLD, or_else="[]") or "[]")
        label = kept[0]["Labels"].get(LABEL) if kept else None
        told = read_back(label, f"the container {POD}")
        return Running(told, _played(said[0], told))

    def roll_out(self, release: Release) -> None:
        """Play a version; where it does not get healthy, the one before is played again."""
        before = self.running()
        if not _said("podman", "volume", "ls", "--quiet", "--filter=name=^spool$"):
            self._play(SPOOL, release)
        _said("podman", "pull", "--quiet", release.image)  # before the old one is stopped
        self._play(SHOP, release)
        if not until(partial(self._is_well, release), limit=LIMIT / 3, pause=_PAUSE):
            log = _said("podman", "logs", "--tail=10", POD, or_else="")
            self._play(SHOP, before.told) if before else self.take_down()
            raise _sick(log)

    def take_down(self) -> str:
        """Remove what was released here; return what stays."""
        if before := self.running():
            told = describe(paths.root(), SHOP, before.told)
            _said("podman", "play", "kube", "--down", "-", given=told)
            _said("podman", "volume", "rm", TOLD)
        return "volume spool"

    def _play(self, name: str, release: Release) -> None:
        told = replace(release, replicas=1)
        replacing = ["--replace"] if name == SHOP else []
        _said("podman", "play", "kube", *replacing, "-", given=describe(paths.root(), name, told))
        if name == SHOP:
            _said("podman", "volume", "rm", "--force", TOLD, or_else="")
            field = f"{LABEL}={written(told)}".replace('"', '""')  # which is read as CSV
            _said("podman", "volume", "create", f'--label="{field}"', TOLD)

    def _is_well(self, release: Release) -> bool:
        return _run("podman", "exec", POD, *release.health).returncode == 0


def _sick(detail: str) -> HostError:
    what = "the new version did not get well: the one before was told again"
    return HostError(what, hint="look at what it says, and ship it anew", detail=detail)


def _run(*words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, input=given, capture_output=True, text=True, check=False)


def _said(*words: str, given: str = "", or_else: str | None = None) -> str:
    """Return what a program prints; HostError where it fails, unless there is something else."""
    done = _run(*words, given=given)
    if done.returncode and or_else is None:
        raise HostError(f"{' '.join(words[:3])} failed", detail=done.stderr[-2000:])
    return done.stdout.strip() if not done.returncode else or_else or ""


def _deployed(
    deployment: Mapping[str, Any], variables: Mapping[str, str], told: Release
) -> Release:
    """Return the release that a Deployment and its variables are now."""
    pod = deployment["template"]["spec"]
    shop = pod["containers"][0]
    added = {each["name"]: str(each.get("value")) for each in shop.get("env", ())}
    memory = shop.get("resources", {}).get("limits", {}).get("memory", "0Mi")
    mounts: Sequence[Mapping[str, str]] = shop.get("volumeMounts", ())
    return replace(
        told,
        image=shop["image"],
        env={**variables, **added},
        user=pod.get("securityContext", {}).get("runAsUser", 0),
        port=shop["ports"][0]["containerPort"],
        health=shop.get("readinessProbe", {}).get("exec", {}).get("command", []),
        memory=int(memory.removesuffix("Mi")) if memory.endswith("Mi") else 0,
        replicas=deployment["replicas"],
        spool=next((each["mountPath"] for each in mounts if each["name"] == "spool"), ""),
    )


def _played(inside: Mapping[str, Any], told: Release) -> Release:
    """Return the release that a container of Podman's is now."""
    given = dict(each.partition("=")[::2] for each in inside["Config"]["Env"])
    spools = [each["Destination"] for each in inside["Mounts"] if each.get("Name") == "spool"]
    return replace(
        told,
        image=told.image if inside["ImageDigest"] == told.digest else inside["ImageDigest"],
        env={name: given[name] for name in told.env if name in given},
        user=int(inside["Config"]["User"].partition(":")[0] or 0),
        memory=inside["HostConfig"]["Memory"] >> 20,
        spool=spools[0] if spools else "",
    )
