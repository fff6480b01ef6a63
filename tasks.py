"""The talk: one task a scene. `./invoke` alone tells them in their order."""

from invoke import Collection

from deployment_drift import dev
from deployment_drift.commands import (
    claims,
    clean,
    compare,
    doctor,
    engine_stop,
    scene,
    snapshot,
)
from deployment_drift.machine import commands as machine
from deployment_drift.ship import commands as ship
from deployment_drift.stage.commands import (
    exercise,
    handout,
    pack,
    prepare,
    replay,
    stage,
    story,
    talk,
    unpack,
)


@scene(
    machines="container; vm: two virtual machines; moved: one, moved as a whole",
    local="with vm: a machine that runs already, as ssh://USER@localhost:2222?sudo=true",
    release="the other one",
)
def demo_drift(machines: str = "container", local: str = "", release: str = "") -> None:
    """Problem: two servers that everybody believes to be the same."""


@scene()
def demo_container() -> None:
    """Cure: one image that runs as both, and nothing differs."""


@scene(swarm="to a Docker Swarm of three nodes: a version is sick, and a node is lost")
def demo_ship(swarm: bool = False) -> None:
    """Shipping: through a registry to another engine, by digest; no order is lost."""


@scene(hypervisor="xen: an emulated computer starts Xen, and guests on it; kvm: Linux, and a guest")
def demo_startup(hypervisor: str = "none") -> None:
    """Start-up: restarting a PC, or just running a PHP command."""


@scene()
def demo_mail() -> None:
    """Separation: mail in a container of its own, so that PHP alone is released."""


@scene(both_cpus="build for a second CPU, too: takes minutes the first time")
def demo_limits(both_cpus: bool = False) -> None:
    """Honesty: what a container does not give you, and what hardening gives back."""


SCENES = (demo_drift, demo_container, demo_ship, demo_startup, demo_mail, demo_limits)
TALK = (story, talk, stage, replay, handout, exercise)
SERVERS = (compare, snapshot)
MACHINE = (claims, doctor, prepare, pack, unpack, clean, engine_stop)

namespace = Collection(
    *TALK,
    *SCENES,
    *SERVERS,
    *MACHINE,
    machine.namespace,
    ship.namespace,
    dev.test,
    dev.namespace,
)
namespace.default = "story"
