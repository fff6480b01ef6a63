"""Says what the ways to start PHP have shown: who runs on whose kernel, and at what price."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from deployment_drift.engine import engines
from deployment_drift.events import Found, Measured
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
from deployment_drift.report.figures import DRAWN, amount
from deployment_drift.run import Run
from deployment_drift.scenes.startup import starts
from deployment_drift.scenes.startup.starts import (
    DISK,
    FOLDER,
    HELD,
    MACHINE,
    PROGRAM,
    Figures,
    Size,
    once,
)
from deployment_drift.targets import kvm, throwaway
from deployment_drift.targets.access import Access, access
from deployment_drift.targets.hosts import HARDENED
from deployment_drift.targets.kvm import Kvm
from deployment_drift.targets.machines import QEMU, Machine

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

BOUND = 5
"""How many times sooner than an emulated machine a container has to answer, at least."""
COMMANDS = "cat /proc/[0-9]*/comm"
STATUS = "cat /proc/1/status"
LINE = f"php -r '{PROGRAM[-1]}'"


def show_containers(run: Run) -> None:
    """Start PHP as a process and in containers, and look into one that lives."""
    with engines.opened(run.engine) as client, ExitStack() as running:
        image = run.built[FOLDER].id
        options = throwaway.container(client, run.session, image, HELD, name="php", **HARDENED)
        held = running.enter_context(options)
        outside = running.enter_context(throwaway.watcher(client, run.session, image))
        run.handed(Figures).lowest = lowest(throwaway.ask(outside, LOWEST).text)
        count = len(throwaway.programs(outside, held))
        starts.measure_process(run, held)
        starts.measure_container(run, client)
        memory = starts.resident(throwaway.ask(held, STATUS).text)
        # of the image itself, containerd's store says what it takes while it is compressed
        disk = sum(layer["Size"] for layer in client.images.get(image).history())
        seen = [throwaway.ask(each, BOOT).text.split() for each in (held, outside)]
        systems = len({each[1] for each in seen})
        starts.tell_size(run, "container", Size(memory, disk, count, seen[0][0], systems))
        run.tell(Measured("process", "kernel", seen[1][0]))
        run.tell(Measured("process", "systems", systems, "count"))
        same = seen[0] == seen[1]
        run.show("container_is_process", holds=same and count == 1, count=count, kernel=seen[0][0])


def show_machine(run: Run) -> None:
    """Boot virtual machines as programs of the host, and look into the last."""
    with engines.opened(run.engine) as client, access(run.session) as way:
        starts.measure_machine(run, way, "tcg", lambda *seen: _look(run, client, *seen))


def _look(run: Run, client: "docker.DockerClient", machine: Machine, host: Any) -> None:  # noqa: ANN401 -- testinfra's
    seen = inside(host)
    qemu = client.containers.get(machine.container)
    with throwaway.watcher(client, run.session, run.built[FOLDER].id) as outside:
        kernel, boot = throwaway.ask(outside, BOOT).text.split()
        _show_process(run, qemu, outside)
        _show_host(run, outside)
        same = throwaway.ask(outside, DIGEST).text.split()[0] == seen.digest
    own = seen.boot != boot and seen.init == "init"
    starts.tell_size(run, "host_type", size(qemu, seen, boot))
    run.show("own_kernel", holds=own, kernel=seen.kernel, init=seen.init, host=kernel)
    run.show("same_php", holds=same, digest=seen.digest[:12])


def size(qemu: "Container", seen: Inside, boot: str) -> Size:
    """Return what a machine takes of its host, whose kernel's start is `boot`."""
    memory = starts.resident(throwaway.ask(qemu, STATUS).text)
    disk = int(throwaway.ask(qemu, DISK).text.split()[0]) * 1024
    systems = len({seen.boot, boot})
    return Size(memory, disk, seen.processes, seen.kernel, systems)


def _show_process(run: Run, qemu: "Container", outside: "Container") -> None:
    """Find QEMU, with the whole machine in it, in the host's list of processes."""
    qemu.reload()
    pid = qemu.attrs["State"]["Pid"]
    program = throwaway.ask(outside, f"cat /proc/{pid}/comm").text
    run.show("machine_is_process", holds=program.startswith(QEMU), pid=pid, program=program)


def _show_host(run: Run, outside: "Container") -> None:
    """See the host's other processes run, and PHP among them answer, beside the machine."""
    others = [
        name for name in throwaway.ask(outside, COMMANDS).text.split() if not name.startswith(QEMU)
    ]
    with shell.connected(f"docker://{outside.id}", timeout=shell.PATIENT) as beside:
        seconds = once(partial(beside.check_output, LINE))
    run.show("host_goes_on", holds=len(others) > 1, others=len(others), seconds=round(seconds, 3))


def show_hypervisor(run: Run) -> None:
    """Boot through KVM where guests really come up that way; elsewhere say that they do not."""
    with access(run.session) as way:
        answer = kvm.probe(run.engine, run.session, way, run.built[MACHINE].id)
        run.tell(Found("/dev/kvm", answer))
        if answer is Kvm.WORKS:
            _through_kvm(run, way)
        elif answer is Kvm.MISSING:
            run.show("kvm_missing", holds=None)
        elif answer is Kvm.REFUSED:
            run.show("kvm_refused", holds=None)
        else:
            run.show("kvm_silent", holds=None, limit=round(kvm.LIMIT))


def _through_kvm(run: Run, way: Access) -> None:
    def look(machine: Machine, host: Any) -> None:  # noqa: ANN401 -- testinfra's
        with engines.opened(run.engine) as client:
            qemu = client.containers.get(machine.container)
            boot = throwaway.ask(qemu, BOOT).text.split()[1]
            found = size(qemu, inside(host), boot)
            starts.tell_size(run, "hypervisor", found)

    starts.measure_machine(run, way, "kvm", look)
    seconds = round(run.handed(Figures).answers["hypervisor"], 2)
    run.show("kvm_works", holds=True, seconds=seconds)


def compare_starts(run: Run) -> None:
    """Set the ways side by side: seconds, disk, memory, and what lies below PHP."""
    figures = run.handed(Figures)
    process, container, machine = (
        figures.answers[subject] for subject in ("process", "container", "host_type")
    )
    factor = round(machine / container, 1)
    run.show("container_sooner", holds=factor >= BOUND, factor=factor, bound=BOUND)
    run.show(
        "three_starts",
        holds=process < container < machine,
        process=round(process, 3),
        container=round(container, 2),
        machine=round(machine, 1),
    )
    sizes = [figures.sizes[subject] for subject in ("container", "host_type")]
    _show_size(run, *sizes)
    layers = [_layers(size) for size in sizes]
    _draw(run, figures.lowest, figures.sizes)
    run.show("layers", holds=layers == [1, 3], container=layers[0], machine=layers[1])
    run.show("bare_metal", holds=None)  # said: what runs here already runs on a host's system


def _layers(size: Size) -> int:
    """Count what lies between processor and PHP: kernels, and QEMU where there are two."""
    return size.systems + (size.systems > 1)


def _draw(run: Run, below: str, sizes: Mapping[str, Size]) -> None:
    """Tell what lies below PHP in each way, from what is `below` up, as it was found running."""
    host = release(sizes["container"].kernel)
    for subject, size in sizes.items():
        through = subject == "hypervisor"
        layers = [below, f"both {host} + KVM" if through else f"system {host}"]
        if size.systems > 1:
            layers += ["machines QEMU", f"guest {release(size.kernel)}"]
        run.tell(Measured(subject, DRAWN, ", ".join([*layers, "application PHP"])))


def _show_size(run: Run, container: Size, machine: Size) -> None:
    smaller = container.disk < machine.disk and container.memory < machine.memory
    shown = {
        "container_disk": container.disk,
        "host_type_disk": machine.disk,
        "container_memory": container.memory,
        "host_type_memory": machine.memory,
    }
    run.show("container_smaller", holds=smaller, **{n: amount(v, "B") for n, v in shown.items()})
