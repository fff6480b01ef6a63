"""What somebody may change by hand on a target: a row for each, and how a release names it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Row = tuple[str, Any, str]
"""Where it is in what a target says, what it is set to (None: taken away), and what is named."""

_SHOP = "Deployment spec template spec containers shop"
_POD = "Deployment spec template spec"
MANIFEST: Mapping[str, Row] = {
    "another image": (f"{_SHOP} image", f"x@sha256:{'9' * 64}", "image: told"),
    "a variable": ("ConfigMap data SHOP_STAGE", "x", "variable SHOP_STAGE: another value"),
    "a variable more": ("ConfigMap data NEW", "x", "variable NEW: added"),
    "a variable less": ("ConfigMap data MAIL_PORT", None, "variable MAIL_PORT: gone"),
    "a variable aside": (f"{_SHOP} env", [{"name": "NEW", "value": "x"}], "variable NEW: added"),
    "user": (f"{_POD} securityContext runAsUser", 34, "user: told 33, now 34"),
    "root": (f"{_SHOP} securityContext runAsUser", 0, "securityContext.runAsUser: told nothing"),
    "port": (f"{_SHOP} ports http containerPort", 8081, "port: told 8080, now 8081"),
    "health": (f"{_SHOP} readinessProbe exec command", ["true"], "health: told"),
    "liveness": (f"{_SHOP} livenessProbe exec command", ["true"], "livenessProbe.exec.command"),
    "memory": (f"{_SHOP} resources limits memory", "600Mi", "memory: told 512, now 600"),
    "replicas": ("Deployment spec replicas", 5, "replicas: told 2, now 5"),
    "spool": (f"{_SHOP} volumeMounts spool mountPath", "/x", "spool: told /var/spool/shop, now /x"),
    "writable": (f"{_SHOP} securityContext readOnlyRootFilesystem", False, "readOnlyRootFile"),
    "capability": (f"{_SHOP} securityContext capabilities add", ["NET_RAW"], "capabilities.add"),
    "no capability dropped": (f"{_SHOP} securityContext capabilities", None, "capabilities.drop"),
    "privileged": (f"{_SHOP} securityContext privileged", True, "privileged: told nothing, now Tr"),
    "host's network": (f"{_POD} hostNetwork", True, "hostNetwork: told nothing, now True"),
    "mount": (
        f"{_POD} volumes scratch",
        {"name": "scratch", "hostPath": {"path": "/"}},
        "hostPath",
    ),
    "another container": (f"{_POD} containers more", {"name": "more", "image": "x"}, "more.image"),
    "service": ("Service spec selector app", "x", "selector.app: told shop, now x"),
    "arguments": (f"{_SHOP} args", ["sleep", "moonlight"], "args.1: added"),
}
"""As a cluster says it; Podman can be told most of them, too."""

_HOST = "HostConfig"
CONTAINER: Mapping[str, Row] = {
    "another image": ("Config Image", "other", "image: told"),
    "a variable": ("Config Env SHOP_STAGE", "x", "variable SHOP_STAGE: another value"),
    "a variable more": ("Config Env NEW", "x", "variable NEW: added"),
    "a variable less": ("Config Env MAIL_PORT", None, "variable MAIL_PORT: gone"),
    "user": ("Config User", "34", "user: told 33, now 34"),
    "user by name": ("Config User", "root", "user: told 33, now root"),
    "health": ("Config Healthcheck Test", ["CMD", "true"], "health: told"),
    "no health": ("Config Healthcheck", {"Test": ["NONE"]}, "health: told"),
    "interval": ("Config Healthcheck Interval", 10**12, "Healthcheck.Interval"),
    "arguments": ("Config Cmd", ["sleep", "moonlight"], "Config.Cmd.0: another value"),
    "port": (f"{_HOST} PortBindings", {"81/tcp": [{"HostPort": "8080"}]}, "port: told 8080, n"),
    "port outside": (f"{_HOST} PortBindings", {"8080/tcp": [{"HostPort": "81"}]}, "now 81"),
    "no port": (f"{_HOST} PortBindings", {}, "port: told 8080, now 0"),
    "memory": (f"{_HOST} Memory", 300 << 20, "memory: told 512, now 300"),
    "processes": (f"{_HOST} PidsLimit", 900, "pids: told 200, now 900"),
    "spool": (f"{_HOST} Binds", ["shop-spool:/x"], "spool: told /var/spool/shop, now /x"),
    "mount": (f"{_HOST} Binds", ["shop-spool:/var/spool/shop", "/:/x"], "Binds.1: told nothing"),
    "no memory of its own": (f"{_HOST} Tmpfs", {}, "Tmpfs./tmp"),
    "writable": (f"{_HOST} ReadonlyRootfs", False, "ReadonlyRootfs: told True, now False"),
    "capability": (f"{_HOST} CapAdd", ["NET_RAW"], "CapAdd.0: told nothing, now "),
    "no capability dropped": (f"{_HOST} CapDrop", None, "CapDrop.0: told ALL, now nothing"),
    "new privileges": (f"{_HOST} SecurityOpt", None, "SecurityOpt.0: told no-new-privileges"),
    "privileged": (f"{_HOST} Privileged", True, "Privileged: told False, now True"),
    "host's processes": (f"{_HOST} PidMode", "host", "PidMode: told nothing, now host"),
    "host's network": (f"{_HOST} NetworkMode", "host", "NetworkMode: told "),
    "no restart": (f"{_HOST} RestartPolicy", {"Name": "no"}, "RestartPolicy.Name"),
    "device": (f"{_HOST} Devices", [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/x",
                                     "CgroupPermissions": "r"}], "Devices.0.PathOnHost"),
}  # fmt: skip
"""As an engine says a container; a variable stands under its name."""

_PROGRAM = "TaskTemplate ContainerSpec"
SERVICE: Mapping[str, Row] = {
    "another image": (f"{_PROGRAM} Image", f"x@sha256:{'9' * 64}", "image: told"),
    "a variable": (f"{_PROGRAM} Env SHOP_STAGE", "x", "variable SHOP_STAGE: another value"),
    "a variable more": (f"{_PROGRAM} Env NEW", "x", "variable NEW: added"),
    "a variable less": (f"{_PROGRAM} Env MAIL_PORT", None, "variable MAIL_PORT: gone"),
    "user": (f"{_PROGRAM} User", "root", "user: told 33, now root"),
    "health": (f"{_PROGRAM} Healthcheck Test", ["CMD", "true"], "health: told"),
    "interval": (f"{_PROGRAM} Healthcheck Interval", 10**12, "Healthcheck.Interval"),
    "arguments": (f"{_PROGRAM} Args", ["moonlight"], "Args.0: added"),
    "port": ("EndpointSpec Ports 0 TargetPort", 81, "port: told 8080, now 81"),
    "port outside": ("EndpointSpec Ports 0 PublishedPort", 81, "told 8080, now 81"),
    "memory": ("TaskTemplate Resources Limits MemoryBytes", 300 << 20, "memory: told 512, now 300"),
    "processes": ("TaskTemplate Resources Limits Pids", 900, "pids: told 200, now 900"),
    "spool": (f"{_PROGRAM} Mounts /var/spool/shop Target", "/x", "spool: told /var/spool/shop, no"),
    "mount": (f"{_PROGRAM} Mounts /x", {"Type": "bind", "Source": "/", "Target": "/x"}, "now bind"),
    "writable": (f"{_PROGRAM} ReadOnly", False, "ReadOnly: told True, now nothing"),
    "capability": (f"{_PROGRAM} CapabilityAdd", ["CAP_NET_RAW"], "CapabilityAdd.0: told nothing"),
    "no capability dropped": (f"{_PROGRAM} CapabilityDrop", None, "CapabilityDrop.0: told ALL"),
    "no roll-back": ("UpdateConfig FailureAction", "continue", "told rollback, now continue"),
    "anywhere": (
        "TaskTemplate Placement MaxReplicas",
        0,
        "Placement.MaxReplicas: told 1, now nothi",
    ),
    "replicas": ("Mode Replicated Replicas", 1, "replicas: told 2, now 1"),
}
"""As a swarm says a service; a variable stands under its name, a mount under where it is."""


def changed(said: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """Return what a target says, with one change."""
    place, value, _ = row
    made = deepcopy(dict(said))
    part: Any = made
    *above, last = place.split()
    for name in above:
        part = _below(part, name)
    if isinstance(part, list):
        _put(part, last, value)
    elif value is None:
        del part[last]
    else:
        part[last] = value
    return made


def _below(part: Any, name: str) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(part, list):
        return part[_where(part, name)]
    return part.setdefault(name, {})


def _where(part: list[Any], name: str) -> int:
    """Return where in a list something is, by its number, its name, its place or its variable."""
    if name.isdigit():
        return int(name)
    return next((n for n, each in enumerate(part) if name in _names(each)), len(part))


def _names(each: Any) -> list[str]:  # noqa: ANN401 -- JSON
    if isinstance(each, str):
        return [each.partition("=")[0]]
    return [str(each[key]) for key in ("name", "Target") if key in each]


def _put(part: list[Any], name: str, value: Any) -> None:  # noqa: ANN401 -- JSON
    where = _where(part, name)
    told = f"{name}={value}" if isinstance(value, str) else value
    part[where : where + 1] = [] if value is None else [told]
