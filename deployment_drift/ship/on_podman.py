"""Kubernetes' description of a release where there is no cluster: Podman plays it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import starmap
from time import perf_counter
from typing import Any

from deployment_drift import paths
from deployment_drift.ship import client
from deployment_drift.ship.describe import SHOP, SPOOL, describe
from deployment_drift.ship.release import Release, number
from deployment_drift.ship.told import (
    KEPT,
    LABEL,
    Running,
    Settings,
    kept,
    read_back,
    remembered,
    settings,
    written,
)
from deployment_drift.waiting import until

POD = "shop-pod-0-shop"
"""What Podman calls the container of the first replica."""
TOLD = "shop-told"
"""A volume of Podman's that has the label: it forgets the annotations of a Deployment."""
LIMIT = 30
"""Seconds that a version has until it is healthy."""
_PAUSE = 0.3
_ID = re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}(?=-infra)")
_PLAYED = (
    "Config.Image", "Config.User", "HostConfig.Memory", "Pod.State", "Pod.Created",
    "Config.Annotations.io.kubernetes.cri-o.Created",
)  # fmt: skip
"""What is a release's, and named as such, or changes by itself."""


@dataclass(frozen=True, slots=True)
class Podman:
    """A release as a pod of Podman's: one replica, which is stopped before the next starts."""

    def __str__(self) -> str:
        """Return what people call it."""
        return "Podman on this machine"

    def running(self) -> Running | None:
        """Return what runs there now; None where no such pod does."""
        inside = json.loads(
            client.said("podman", "container", "inspect", POD, or_else="[]") or "[]"
        )
        if not inside:
            return None
        aside = json.loads(client.said("podman", "volume", "inspect", TOLD, or_else="[]") or "[]")
        labels = aside[0]["Labels"] if aside else {}
        told = read_back(labels.get(LABEL), f"the container {POD}")
        was = remembered(labels.get(KEPT), told)
        well = inside[0]["State"]["Status"] == "running"
        return Running(told, _played(inside[0], told), was, self._settings(), well)

    def roll_out(self, release: Release) -> str:
        """Play a version; where it does not get healthy, the one before is played again."""
        before = self.running()
        if not client.said("podman", "volume", "ls", "--quiet", "--filter=name=^spool$"):
            self._play(SPOOL, release)
        client.said("podman", "pull", "--quiet", release.image)  # before the old one is stopped
        begin = perf_counter()
        self._play(SHOP, release)
        if not until(partial(self._is_well, release), limit=LIMIT, pause=_PAUSE):
            log = client.said("podman", "logs", "--tail=10", POD, or_else="")
            self._play(SHOP, before.told) if before else self.take_down()
            raise client.sick(log)
        waited = "Podman stops the old pod first: nobody answered"
        return f"{waited} for {perf_counter() - begin:.1f} s" if before else ""

    def take_down(self) -> str:
        """Remove what was released here; return what stays."""
        if before := self.running():
            told = _described(SHOP, before.told)
            client.said("podman", "play", "kube", "--down", "-", given=told)
            client.said("podman", "volume", "rm", TOLD)
        return "volume spool"

    def _play(self, name: str, release: Release) -> None:
        replacing = ["--replace"] if name == SHOP else []
        told = _described(name, release)
        client.said("podman", "play", "kube", *replacing, "-", given=told)
        if name == SHOP:
            labels = {LABEL: written(release), KEPT: kept(release, self._settings())}
            client.said("podman", "volume", "rm", "--force", TOLD, or_else="")
            client.said("podman", "volume", "create", *starmap(_label, labels.items()), TOLD)

    def _settings(self) -> Settings:
        """Return what Podman says of the container and its pod, besides what is a release's."""
        (shop,) = _inspected("container", POD)
        pod = json.loads(client.said("podman", "pod", "inspect", POD.removesuffix("-shop")))
        variables = dict(each.partition("=")[::2] for each in shop["Config"]["Env"])
        config = {**shop["Config"], "Env": variables}
        rest = {key: shop[key] for key in ("HostConfig", "Mounts", "BoundingCaps", "EffectiveCaps")}
        return settings(_without_ids({"Config": config, **rest, "Pod": pod}), _PLAYED)

    def _is_well(self, release: Release) -> bool:
        return client.run("podman", "exec", POD, *release.health).returncode == 0


def _described(name: str, release: Release) -> str:
    """Return what is told of one replica: Podman would give each the same port."""
    return describe(paths.root(), name, replace(release, replicas=1))


def _inspected(kind: str, name: str) -> list[dict[str, Any]]:
    """Return what Podman says of something, in a list that is empty where it is not there."""
    there = client.said("podman", kind, "inspect", name, or_else="")
    return list(json.loads(there or "[]"))


def _without_ids(said: Any) -> Any:  # noqa: ANN401 -- JSON
    """Return what is the same each time that something is played: without ids, and in order."""
    if isinstance(said, Mapping):
        return {key: _without_ids(value) for key, value in said.items()}
    if isinstance(said, list):
        parts = [_without_ids(each) for each in said]
        return sorted(parts) if all(isinstance(each, str) for each in parts) else parts
    return _ID.sub("its id", said) if isinstance(said, str) else said


def _label(name: str, value: str) -> str:
    quoted = f"{name}={value}".replace('"', '""')  # it is read as CSV
    return f'--label="{quoted}"'


def _played(inside: Mapping[str, Any], told: Release) -> Release:
    """Return the release that a container of Podman's is now."""
    given = dict(each.partition("=")[::2] for each in inside["Config"]["Env"])
    spools = [each["Destination"] for each in inside["Mounts"] if each.get("Name") == "spool"]
    return replace(
        told,
        image=told.image if inside["ImageDigest"] == told.digest else inside["ImageDigest"],
        env={name: given[name] for name in told.env if name in given},
        user=number(inside["Config"]["User"].partition(":")[0]),
        memory=inside["HostConfig"]["Memory"] >> 20,
        spool=spools[0] if spools else "",
    )
