"""Virtual machines here and there: one is moved as a whole. Nothing differs, and it is heavy."""

from contextlib import suppress
from time import perf_counter

from drift import steps
from drift.ask import shell
from drift.ask.client import UnreachableError
from drift.ask.inside import inside
from drift.compare.comparison import Verdict
from drift.engine import engines, space
from drift.events import Compared
from drift.run import boot, carry, hosts, machines
from drift.run.access import access
from drift.stage import Scene, Stage
from drift.steps import Part
from drift.tell.figures import amount

FOLDER = "local"
PARTS = (Part("local", FOLDER), Part("release", FOLDER))
CHECK, SETTING = "memory_limit", "640M"
BY_HAND = f"""
for folder in /etc/php/*/apache2/conf.d; do
    echo "{CHECK} = {SETTING}" >"$folder/99-zz-by-hand.ini"
done
"""
OFF = "/usr/local/lib/machine/off"
NEEDED = 1200 * 2**20
"""Bytes that the machine's disk and its copy need, beside the images."""
PATIENCE = 30
"""Seconds that a machine may take to switch itself off."""


def live(stage: Stage) -> None:
    """Boot a machine, change a setting by hand, as people do, and switch the machine off."""
    steps.leave_nothing(stage)
    with engines.opened(stage.engine) as client:
        space.require(client, NEEDED)
    recipe = machines.Recipe("local", _image(stage), volume=_volume(stage, "local"))
    with (
        access(stage.session) as way,
        machines.start(stage.engine, stage.session, way, [recipe]) as (one,),
    ):
        with shell.connected(one.host.address) as host:
            host.check_output(BY_HAND)
            with suppress(UnreachableError):  # it may be off before it can answer
                host.check_output(OFF)
        with engines.opened(stage.engine) as client:
            boot.await_off("local", client.containers.get(one.container), PATIENCE)


def move(stage: Stage) -> None:
    """Copy the machine's disk to where the release is, and say what that weighs."""
    source, target = (_volume(stage, part.name) for part in PARTS)
    begin = perf_counter()
    disk = carry.disk(stage.engine, stage.session, _image(stage), source=source, target=target)
    seconds = round(perf_counter() - begin, 1)
    files = sum(file.stat().st_size for file in (stage.root / "app").rglob("*.php"))
    values = {"disk": amount(disk, "B"), "files": amount(files, "B")}
    stage.show("moved_whole", holds=disk > files, seconds=seconds, **values)


def start_both(stage: Stage) -> None:
    """Boot the machine and its copy, and see that they are two."""
    volumes = {part.name: _volume(stage, part.name) for part in PARTS}
    steps.start_machines(stage, PARTS, volumes)
    boots = []
    for each in stage.servers:
        with shell.connected(each.address) as host:
            boots.append(inside(host).boot)
    stage.show("two_machines", holds=len(set(boots)) == len(PARTS), count=len(set(boots)))


def ask_both(stage: Stage) -> None:
    """Ask both the same, and see that what was typed by hand went along."""
    steps.run_checks(stage)
    (made,) = (
        each.comparison
        for each in stage.heard
        if isinstance(each, Compared) and each.comparison.check.name == CHECK
    )
    there = [seen.value for seen in made.observations]
    stage.show("by_hand_moved", holds=there == [SETTING] * 2, setting=f"{CHECK} {there[-1]}")


def _image(stage: Stage) -> str:
    return stage.built[f"machine-{FOLDER}"].id


def _volume(stage: Stage, name: str) -> str:
    return hosts.volume(stage.engine, stage.session, f"disk-{name}", keep=stage.keep)


SCENE = Scene(
    "moved",
    Verdict.PARITY,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "disks": steps.make_disks,
        "live": live,
        "move": move,
        "hosts": start_both,
        "checks": ask_both,
        "stop": steps.stop_hosts,
    },
    images=(FOLDER,),
    machines=(FOLDER,),
)
