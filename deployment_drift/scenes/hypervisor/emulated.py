"""Switches an emulated computer on, and sets what runs on it beside the container."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

from deployment_drift import steps
from deployment_drift.engine import engines
from deployment_drift.events import Measured
from deployment_drift.probe import shell
from deployment_drift.probe.inside import (
    BOOT,
    DIGEST,
    LOWEST,
    Inside,
    inside,
    lowest,
    release,
)
from deployment_drift.report.figures import DRAWN
from deployment_drift.run import Run
from deployment_drift.targets import computers, throwaway
from deployment_drift.targets.access import access
from deployment_drift.targets.computers import Computer, First
from deployment_drift.targets.hosts import HARDENED

FOLDER = "container"
SUBJECTS = ("xen", "nested")
FIGURES = ("emulated", "work")
LOOP = "php -r 'for ($s = $i = 0; $i < 1500000; $i++) $s = ($s + $i) % 65521; echo $s;'"
"""Work that needs nothing but a processor."""
TIMES = 3
"""How often a container does it: it is done sooner than a busy machine turns to it."""


@dataclass
class Emulated:
    """What the steps hand on: the computer and its image, its systems, the seconds of LOOP."""

    image: str = field(init=False)
    computer: Computer = field(init=False)
    inside: dict[str, Inside] = field(default_factory=dict)
    work: float = 0.0


def find_engine(run: Run) -> None:
    """Find an engine on whose machine the computer can be emulated."""
    steps.find_engine(run)
    computers.require(run.engine)


def make_disks(run: Run) -> None:
    """Make the machines' disks, and the computer that has them all."""
    steps.make_disks(run)
    image = computers.build(run.engine, run.built, run.progress, root=run.root)
    run.handed(Emulated).image = image


def switch_on(run: Run, first: First, subject: str) -> str:
    """Switch the computer on, wait for its guests' pages, and return what its console said."""
    made = run.handed(Emulated)
    kept_on = run.engine.url if run.keep else ""
    way = run.running.enter_context(access(run.session, kept_on=kept_on))
    begin = perf_counter()
    started = computers.start(run.engine, run.session, way, made.image, first, keep=run.keep)
    computer = made.computer = run.running.enter_context(started)
    run.tell(Measured(subject, "emulated", perf_counter() - begin, "s"))
    run.serve(computer.guests)
    return computer.log


def manager(control: Any) -> Inside:  # noqa: ANN401 -- testinfra's
    """Return what who manages the guests is from inside: it has no PHP."""
    kernel, boot, init = control.check_output(f"{BOOT}; cat /proc/1/comm").split("\n")
    return Inside(kernel, boot, init, 0, "")


def look(run: Run, host: Any, name: str) -> None:  # noqa: ANN401 -- the same
    """Look at a guest from inside, and let that of the container work."""
    made = run.handed(Emulated)
    made.inside[name] = inside(host)
    if name == FOLDER:
        made.work = seconds(partial(host.check_output, LOOP))


def show_kernels(run: Run) -> None:
    """See that each system on the computer is another start of a kernel."""
    seen = run.handed(Emulated).inside
    starts = {each.boot for each in seen.values()}
    holds = len(starts) == len(seen)
    run.show("kernels", holds=holds, kernel=seen[FOLDER].kernel, count=len(starts))


def compare(run: Run, subject: str, below: str, *, times: int = 1) -> None:
    """Set the container beside its guest: what lies below PHP, and what emulation costs.

    below: the layers between the computer and its guests, of which there are so many `times`.
    """
    made = run.handed(Emulated)
    with (
        engines.opened(run.engine) as client,
        throwaway.container(
            client, run.session, run.built[FOLDER].id, throwaway.SLEEP, **HARDENED
        ) as held,
        shell.connected(f"docker://{held.id}", timeout=shell.PATIENT) as host,
    ):
        kernel = throwaway.ask(held, BOOT).text.split()[0]
        digest = throwaway.ask(held, DIGEST).text.split()[0]
        lies = lowest(throwaway.ask(held, LOWEST).text)
        native = quickest(partial(host.check_output, LOOP))
    guest, factor = made.inside[FOLDER], made.work / native
    run.show("guest_php", holds=digest == guest.digest, digest=digest[:12])
    run.show("emulation", holds=factor > 1, factor=round(factor))
    _tell(run, "container", native, kernel, f"{lies}, system {release(kernel)}")
    above = f"guest {f'{times} x ' * (times > 1)}{release(guest.kernel)}"
    _tell(run, subject, made.work, guest.kernel, f"computer QEMU, {below}, {above}")
    run.show("border", holds=None)


def _tell(run: Run, subject: str, seconds: float, kernel: str, layers: str) -> None:
    run.tell(Measured(subject, "work", seconds, "s"))
    run.tell(Measured(subject, "kernel", kernel))
    run.tell(Measured(subject, DRAWN, f"{layers}, application PHP"))


def quickest(work: Callable[[], object]) -> float:
    """Return what some work takes at best: the first time opens the way there, too."""
    return min(seconds(work) for _ in range(TIMES))


def seconds(work: Callable[[], object]) -> float:
    """Return what some work takes, seen from here."""
    begin = perf_counter()
    work()
    return perf_counter() - begin
