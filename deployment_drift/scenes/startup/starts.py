"""Starts the same line of PHP as a process, in a container and in a virtual machine."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from deployment_drift.errors import HostError
from deployment_drift.events import Measured
from deployment_drift.paths import typed
from deployment_drift.probe import shell
from deployment_drift.records import Sentence
from deployment_drift.run import Run
from deployment_drift.targets import machines, throwaway
from deployment_drift.targets.access import Access
from deployment_drift.targets.hosts import HARDENED
from deployment_drift.targets.machines import Machine
from deployment_drift.targets.target import Accelerator, Target

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
class Timing:
    """Seconds of several runs."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """The run in the middle."""
        return median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """The quickest and the slowest run."""
        return min(self.seconds), max(self.seconds)


def once(work: Callable[[], object]) -> float:
    """Return the seconds that the work takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def repeat(work: Callable[[], object], times: int) -> Timing:
    """Do the work so many times, one after the other."""
    return Timing([once(work) for _ in range(times)])


@dataclass(frozen=True, slots=True)
class Size:
    """What a way takes: bytes of memory and disk, processes inside, systems that run."""

    memory: int
    disk: int
    processes: int
    kernel: str
    systems: int


@dataclass
class Figures:
    """What the steps have measured, by the way to start: seconds to an answer, and what it takes.

    The process has no size of its own: it is the container's. `lowest` lies below the host.
    """

    lowest: str = ""

    answers: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, Size] = field(default_factory=dict)


def resident(status: str) -> int:
    """Return the bytes of memory that a process holds, from its /proc/PID/status."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def measure_process(run: Run, container: "Container") -> None:
    """Start PHP again and again where all is ready: a process, through a shell that is open."""
    with shell.connected(f"docker://{container.id}", timeout=shell.PATIENT) as host:
        line = f"php -r '{PROGRAM[-1]}'"
        timing = repeat(partial(host.check_output, line), RUNS)
        tell_timing(run, "process", timing)
        status = host.check_output(STATUS)
    run.tell(Measured("process", "memory", resident(status), "B"))


def measure_container(run: Run, client: "docker.DockerClient") -> None:
    """Start PHP in a new container each time."""
    image = run.built[FOLDER].id
    timing = Timing([answer(client, run, image) for _ in range(RUNS)])
    tell_timing(run, "container", timing)


def answer(client: "docker.DockerClient", run: Run, image: str) -> float:
    """Return the seconds from creating a container to its answer; it is gone afterwards."""
    begin = perf_counter()
    with throwaway.container(client, run.session, image, PROGRAM, name="php", **HARDENED) as one:
        said = throwaway.ended(one).text
        seconds = perf_counter() - begin
    if not said:
        raise HostError("PHP in the container answered nothing.", hint=typed("doctor"))
    return seconds


Look = Callable[[Machine, Any], None]


def measure_machine(run: Run, access: Access, accelerator: Accelerator, look: Look) -> None:
    """Boot a machine again and again until PHP answers over the network; look at the last."""
    subject = "host_type" if accelerator == "tcg" else "hypervisor"
    looks: list[Look] = [lambda *_: None] * (BOOTS - 1)
    image = run.built[MACHINE].id
    target = Target("machine", image, "machine", port=0, accelerator=accelerator)
    seconds = [boot(run, access, target, each) for each in [*looks, look]]
    tell_timing(run, subject, Timing(seconds))


def boot(run: Run, access: Access, target: Target, look: Look) -> float:
    """Return the seconds from starting QEMU to PHP's answer; the machine is gone afterwards."""
    begin = perf_counter()
    with (
        machines.start(run.engine, run.session, access, [target]) as (machine,),
        shell.connected(machine.host.address, timeout=shell.PATIENT) as host,
    ):
        host.check_output(f"php -r '{PROGRAM[-1]}'")
        seconds = perf_counter() - begin
        run.progress(target.name, Sentence("answered", seconds=round(seconds, 1)))
        look(machine, host)
    return seconds


def tell_timing(run: Run, subject: str, timing: Timing) -> None:
    """Tell the time to the first answer, and keep it for what follows from it."""
    run.handed(Figures).answers[subject] = timing.median
    run.tell(Measured(subject, "answer", timing.median, "s", *timing.spread))


def tell_size(run: Run, subject: str, size: Size) -> None:
    """Tell what a container or a machine takes and what is in it, and keep it."""
    run.handed(Figures).sizes[subject] = size
    run.tell(Measured(subject, "memory", size.memory, "B"))
    run.tell(Measured(subject, "disk", size.disk, "B"))
    run.tell(Measured(subject, "processes", size.processes, "count"))
    run.tell(Measured(subject, "kernel", size.kernel))
    run.tell(Measured(subject, "systems", size.systems, "count"))
