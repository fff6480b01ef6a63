"""A release on Kubernetes; where there is no cluster, Podman plays the same description."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deployment_drift import paths
from deployment_drift.engine.ownership import NAMESPACE
from deployment_drift.errors import HostError
from deployment_drift.ship import client
from deployment_drift.ship.describe import SHOP, SPOOL, describe
from deployment_drift.ship.on_podman import Podman
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import (
    KEPT,
    LABEL,
    Running,
    Settings,
    kept,
    read_back,
    remembered,
    settings,
)

_SHOP = "Deployment.spec.template.spec.containers.shop"
_APPLIED = (
    "ConfigMap.data", "Deployment.spec.replicas", f"{_SHOP}.image", f"{_SHOP}.readinessProbe.exec",
    f"{_SHOP}.resources.limits.memory", f"Deployment.spec.template.metadata.annotations.{LABEL}",
    "Deployment.spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt",
    "Deployment.spec.template.metadata.creationTimestamp",
)  # fmt: skip
"""What is a release's, and named as such, or changes by itself."""
_MANAGER = "app.kubernetes.io/managed-by"
"""The label that says who has made something: Kubernetes' own recommendation."""
LIMIT = 90
"""Seconds that a version has until it is ready."""


def found() -> "Cluster | Podman":
    """Return the cluster that kubectl would use, else Podman. Raises HostError without both."""
    if shutil.which("kubectl") and client.said("kubectl", "config", "current-context", or_else=""):
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
        return f"the cluster {client.said('kubectl', 'config', 'current-context')}"

    def running(self) -> Running | None:
        """Return what runs there now; None where no such Deployment does."""
        kinds = self._kinds()
        if "Deployment" not in kinds:
            return None
        deployment = kinds["Deployment"]
        label = _annotations(deployment["spec"]["template"]).get(LABEL)
        told = read_back(label, "the Deployment shop")
        was = remembered(_annotations(deployment).get(KEPT), told)
        found = _deployed(deployment["spec"], kinds.get("ConfigMap", {}).get("data", {}), told)
        ready = deployment.get("status", {}).get("readyReplicas", 0)
        return Running(told, found, was, _specified(kinds), ready == found.replicas)

    def roll_out(self, release: Release) -> str:
        """Roll a version out; where it does not get ready, the one before is told again."""
        before = self.running()
        if not before:
            self._require_free()
        self._apply(SPOOL, release)
        self._apply(SHOP, release)
        try:
            client.said("kubectl", "rollout", "status", "deployment/shop", f"--timeout={LIMIT}s")
        except HostError as error:
            self._apply(SHOP, before.told) if before else self.take_down()
            raise client.sick(error.detail) from error
        note = f"{KEPT}={kept(release, _specified(self._kinds()))}"
        client.said("kubectl", "annotate", "--overwrite", "deployment/shop", note)
        return ""

    def _require_free(self) -> None:
        """Raise HostError where something has a name of the release's, and is not of one."""
        strangers = [
            f"{kind} {said['metadata']['name']}"
            for kind, said in self._kinds().items()
            if said["metadata"].get("labels", {}).get(_MANAGER) != NAMESPACE
        ]
        if strangers:
            what = f"there already, and not made by a release: {', '.join(strangers)}"
            hint = "kubectl config set-context --current --namespace NAME, which is free"
            raise HostError(what, hint=hint)

    def take_down(self) -> str:
        """Remove what was released here; return what stays."""
        if before := self.running():
            told = describe(paths.root(), SHOP, before.told)
            client.said("kubectl", "delete", "--ignore-not-found", "-f", "-", given=told)
        return "claim spool"

    def _kinds(self) -> Mapping[str, Any]:
        """Return what was told, and the orders' claim, as the cluster says them now."""
        wanted = ["deployment/shop", "configmap/shop", "service/shop", "pvc/spool"]
        said = client.said("kubectl", "get", *wanted, "--ignore-not-found", "--output=json")
        return {each["kind"]: each for each in json.loads(said or '{"items": []}')["items"]}

    def _apply(self, name: str, release: Release) -> None:
        client.said("kubectl", "apply", "-f", "-", given=describe(paths.root(), name, release))


def _annotations(said: Mapping[str, Any]) -> Mapping[str, str]:
    return said["metadata"].get("annotations") or {}


def _specified(kinds: Mapping[str, Any]) -> Settings:
    """Return what a cluster says that it was told, besides what is a release's."""
    told = {
        kind: {key: said[key] for key in ("spec", "data") if key in said}
        for kind, said in kinds.items()
    }
    return settings(told, _APPLIED)


def _deployed(
    deployment: Mapping[str, Any], variables: Mapping[str, str], told: Release
) -> Release:
    """Return the release that a Deployment and its variables are now."""
    pod = deployment["template"]["spec"]
    shop: Mapping[str, Any] = next(
        (each for each in pod["containers"] if each["name"] == "shop"), {}
    )
    added = {each["name"]: str(each.get("value")) for each in shop.get("env", ())}
    memory = shop.get("resources", {}).get("limits", {}).get("memory", "0Mi")
    mounts: Sequence[Mapping[str, str]] = shop.get("volumeMounts", ())
    return replace(
        told,
        image=shop.get("image", ""),
        env={**variables, **added},
        user=pod.get("securityContext", {}).get("runAsUser", 0),
        port=next((each["containerPort"] for each in shop.get("ports", ())), 0),
        health=shop.get("readinessProbe", {}).get("exec", {}).get("command", []),
        memory=int(memory.removesuffix("Mi")) if memory.endswith("Mi") else 0,
        replicas=deployment.get("replicas", 1),
        spool=next((each["mountPath"] for each in mounts if each["name"] == "spool"), ""),
    )
