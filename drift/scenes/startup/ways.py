"""Starts the same line of PHP as a process, in a container and in a virtual machine."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from drift.ask import shell
from drift.errors import HostError
from drift.events import Measured
from drift.run import machines, throwaway
from drift.run.access import Access
from drift.run.hosts import HARDENED
from drift.run.machines import Accelerator, Machine, Recipe
from drift.stage import Stage
from drift.timing import Timing, repeat

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

FOLDER = "container"
MACHINE = f"machine-{FOLDER}"
SUBJECTS = ("process", "container", "host_type", "hypervisor")
FIGURES = ("answer", "memory", "disk", "processes", "kernel", "systems")
PROGRAM = ["php", "-r", "echo PHP_VERSION;"]
HELD = ["php", "-r", "echo PHP_VERSION; sleep(600);"]
STATUS = """php -r 'readfile("/proc/self/status");'"""
DISK = "du -k -c /disk.ext4 /boot/kernel /boot/initrd | tail -n 1"
RUNS, BOOTS = 7, 3


@dataclass(frozen=True, slots=True)
class Size:
    """What a way takes: bytes of memory and disk, processes inside, systems that run."""

    memory: int
    disk: int
    processes: int
    kernel: str
    systems: int


def resident(status: str) -> int:
    """Return the bytes of memory that a process holds, from its /proc/PID/status."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def measure_process(stage: Stage, container: "Container") -> None:
    """Start PHP again and again where all is ready: a process, through a shell that is open."""
    with shell.connected(f"docker://{container.id}") as host:
        line = f"php -r '{PROGRAM[-1]}'"
        timing = repeat(partial(host.check_output, line), RUNS)
        tell_timing(stage, "process", timing)
        status = host.check_output(STATUS)
    stage.tell(Measured("process", "memory", resident(status), "B"))


def measure_container(stage: Stage, client: "docker.DockerClient") -> None:
    """Start PHP in a new container each time."""
    image = stage.built[FOLDER].id
    timing = Timing([answer(client, stage, image) for _ in range(RUNS)])
    tell_timing(stage, "container", timing)


def answer(client: "docker.DockerClient", stage: Stage, image: str) -> float:
    """Return the seconds from creating a container to its answer; it is gone afterwards."""
    begin = perf_counter()
    with throwaway.container(client, stage.session, image, PROGRAM, **HARDENED) as one:
        said = throwaway.ended(one).text
        seconds = perf_counter() - begin
    if not said:
        raise HostError("PHP in the container answered nothing.", hint="./invoke doctor")
    return seconds


Look = Callable[[Machine, Any], None]


def measure_machine(stage: Stage, access: Access, accelerator: Accelerator, look: Look) -> None:
    """Boot a machine again and again until PHP answers over the network; look at the last."""
    subject = "host_type" if accelerator == "tcg" else "hypervisor"
    looks: list[Look] = [lambda *_: None] * (BOOTS - 1)
    recipe = Recipe("machine", stage.built[MACHINE].id, accelerator=accelerator)
    seconds = [boot(stage, access, recipe, each) for each in [*looks, look]]
    tell_timing(stage, subject, Timing(seconds))


def boot(stage: Stage, access: Access, recipe: Recipe, look: Look) -> float:
    """Return the seconds from starting QEMU to PHP's answer; the machine is gone afterwards."""
    begin = perf_counter()
    with (
        machines.start(stage.engine, stage.session, access, [recipe]) as (machine,),
        shell.connected(machine.host.address) as host,
    ):
        host.check_output(f"php -r '{PROGRAM[-1]}'")
        seconds = perf_counter() - begin
        stage.progress(recipe.name, f"{seconds:.1f} s")
        look(machine, host)
    return seconds


def tell_timing(stage: Stage, subject: str, timing: Timing) -> None:
    """Tell the time to the first answer."""
    stage.tell(Measured(subject, "answer", timing.median, "s", *timing.spread))


def tell_size(stage: Stage, subject: str, size: Size) -> None:
    """Tell what a container or a machine takes, and what is in it."""
    stage.tell(Measured(subject, "memory", size.memory, "B"))
    stage.tell(Measured(subject, "disk", size.disk, "B"))
    stage.tell(Measured(subject, "processes", size.processes, "count"))
    stage.tell(Measured(subject, "kernel", size.kernel))
    stage.tell(Measured(subject, "systems", size.systems, "count"))


def measured(stage: Stage, subject: str, figure: str) -> float:
    """Return a figure that was told before."""
    for event in stage.heard:
        if isinstance(event, Measured) and (event.subject, event.figure) == (subject, figure):
            return float(event.value)
    raise KeyError(subject, figure)
