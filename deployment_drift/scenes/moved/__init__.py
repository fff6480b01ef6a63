"""Virtual machines here and there: one is moved as a whole. Nothing differs, and it is heavy."""

from contextlib import suppress
from time import perf_counter

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine import engines, space
from deployment_drift.probe import shell
from deployment_drift.probe.client import UnreachableError
from deployment_drift.probe.inside import inside
from deployment_drift.report.figures import amount
from deployment_drift.run import Run
from deployment_drift.scene import Scene
from deployment_drift.targets import disks, hosts, machines, readiness
from deployment_drift.targets.access import access
from deployment_drift.targets.target import Target

FOLDER = "local"
NAMES = ("local", "release")
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


def live(run: Run) -> None:
    """Boot a machine, change a setting by hand, as people do, and switch the machine off."""
    steps.leave_nothing(run)
    with engines.opened(run.engine) as client:
        space.require(client, NEEDED)
    volumes = {_volume(run, "local"): machines.DISKS}
    target = Target("local", _image(run), "machine", port=0, volumes=volumes)
    with (
        access(run.session) as way,
        machines.start(run.engine, run.session, way, [target]) as (one,),
    ):
        with shell.connected(one.host.address, timeout=shell.PATIENT) as host:
            host.check_output(BY_HAND)
            with suppress(UnreachableError):  # it may be off before it can answer
                host.check_output(OFF)
        with engines.opened(run.engine) as client:
            readiness.await_off("local", client.containers.get(one.container), PATIENCE)


def move(run: Run) -> None:
    """Copy the machine's disk to where the release is, and say what that weighs."""
    source, target = (_volume(run, name) for name in NAMES)
    begin = perf_counter()
    disk = disks.copy(run.engine, run.session, _image(run), source=source, target=target)
    seconds = round(perf_counter() - begin, 1)
    files = sum(file.stat().st_size for file in (run.root / "app").rglob("*.php"))
    values = {"disk": amount(disk, "B"), "files": amount(files, "B")}
    run.show("moved_whole", holds=disk > files, seconds=seconds, **values)


def start_both(run: Run) -> None:
    """Boot the machine and its copy, and see that they are two."""
    volumes = {name: {_volume(run, name): machines.DISKS} for name in NAMES}
    pair = [Target(name, FOLDER, "machine", volumes=volumes[name]) for name in NAMES]
    steps.start_hosts(run, pair)
    boots = []
    for each in run.servers:
        with shell.connected(each.address, timeout=shell.PATIENT) as host:
            boots.append(inside(host).boot)
    run.show("two_machines", holds=len(set(boots)) == len(NAMES), count=len(set(boots)))


def ask_both(run: Run) -> None:
    """Ask both the same, and see that what was typed by hand went along."""
    (made,) = (each for each in steps.run_checks(run) if each.check.name == CHECK)
    there = [seen.value for seen in made.observations.values()]
    run.show("by_hand_moved", holds=there == [SETTING] * 2, setting=f"{CHECK} {there[-1]}")


def _image(run: Run) -> str:
    return run.built[f"machine-{FOLDER}"].id


def _volume(run: Run, name: str) -> str:
    return hosts.volume(run.engine, run.session, f"disk-{name}", keep=run.keep)


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
    order=40,
    command="demo-drift --machines moved",
    images=(FOLDER,),
    machines=(FOLDER,),
)
