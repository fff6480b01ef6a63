"""Shows that containers share one kernel, one list, one memory; a virtual machine has its own."""

import os
import signal
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from deployment_drift.engine import engines, leftovers
from deployment_drift.probe import shell
from deployment_drift.probe.inside import BOOT, BOOT_ID, inside
from deployment_drift.records import Sentence
from deployment_drift.run import Run
from deployment_drift.targets import machines, throwaway
from deployment_drift.targets.access import access
from deployment_drift.targets.hosts import HARDENED
from deployment_drift.targets.target import Target

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container


LIMIT = 64 * 2**20
TAKEN = 96 * 2**20  # more than the limit, and no harm to any host
KILLED = 128 + signal.SIGKILL  # Podman does not always say that memory was the reason
HEALTH_LIMIT = 5
NAMES = "cat /proc/[0-9]*/comm"
FOLDER = "container"


def show_kernel(run: Run) -> None:
    """Ask host and containers for their kernel, and each for the other's processes."""
    with engines.opened(run.engine) as client:
        running = [throwaway.of(client, host) for host in run.servers]
        _one_kernel(run, running)
        image = run.servers[0].image
        # what `ps` on the engine's machine sees, wherever that machine is
        with throwaway.watcher(client, run.session, image) as host:
            _processes(run, running[0], host)
        system = throwaway.ask(running[0], "uname -s").text
        kind = client.info()["OSType"]
        run.show("linux_only", holds=(kind, system) == ("linux", "Linux"), system=system)
        run.show("windows_containers", holds=None)  # only said: no Linux can show it


def _one_kernel(run: Run, running: Sequence["Container"]) -> None:
    seen = {throwaway.ask(each, BOOT).text for each in running}
    kernel, boot = (*seen.pop().splitlines(), "")[:2]
    mine = _mine()
    alike = not seen and bool(boot)
    if mine[1] == boot:
        run.show("one_kernel", holds=alike and mine[0] == kernel, kernel=kernel, boot=boot)
    else:  # the engine's machine is another one: a virtual machine of Docker Desktop's, a server
        run.show("one_kernel_elsewhere", holds=alike, kernel=kernel, boot=boot)


def _mine() -> tuple[str, str]:
    """Return this machine's kernel and the name of its present start, "" where there is none."""
    file = Path(BOOT_ID)
    return os.uname().release, file.read_text("ascii").strip() if file.exists() else ""


def _processes(run: Run, inside: "Container", host: "Container") -> None:
    """Find the shop's first process on the host, and none of the host's in the shop."""
    pid = inside.attrs["State"]["Pid"]
    program = throwaway.ask(inside, "cat /proc/1/comm").text
    seen = throwaway.ask(host, f"cat /proc/{pid}/comm; grep NSpid /proc/{pid}/status").text.split()
    found = bool(seen) and seen[0] == program and seen[-1] == "1"
    run.show("seen_from_host", holds=found, program=program, outside=pid)
    few, many = (throwaway.ask(each, NAMES).text.split() for each in (inside, host))
    own = throwaway.SLEEP[0]
    unseen = own in many and own not in few and len(few) < len(many)
    run.show("host_unseen", holds=unseen, inside=len(few), outside=len(many))


def show_memory(run: Run) -> None:
    """Ask a limited container how much memory there is, and let one take more than it may."""
    with engines.opened(run.engine) as client:
        limited = throwaway.of(client, run.servers[0])
        if not throwaway.limits(limited, "Memory"):
            run.show("limits_ignored", holds=None)
            return
        _shown_memory(run, client, limited)
        kill_one(run, client)


def _shown_memory(run: Run, client: "docker.DockerClient", limited: "Container") -> None:
    shown = int(throwaway.ask(limited, "grep MemTotal /proc/meminfo").text.split()[1]) * 1024
    limit = limited.attrs["HostConfig"]["Memory"]
    run.show(
        "memory_of_host",
        holds=shown == client.info()["MemTotal"] and 0 < limit < shown,
        shown=_mib(shown),
        limit=_mib(limit),
    )


def kill_one(run: Run, client: "docker.DockerClient") -> None:
    """Let one program take more than its container may: the kernel ends it, and no other."""
    status = _take(run, client, mem_limit=LIMIT, memswap_limit=LIMIT)
    answering = sum(_healthy(host.url) for host in run.servers)
    holds = status == KILLED and answering == len(run.servers)
    values = {"taken": _mib(TAKEN), "limit": _mib(LIMIT), "status": status, "answering": answering}
    run.show("killed_alone", holds=holds, **values)
    status = _take(run, client, mem_limit=0)
    run.show("unlimited_takes", holds=status == 0, taken=_mib(TAKEN))


def _take(run: Run, client: "docker.DockerClient", **limits: int) -> int:
    """Return the exit status of a greedy program; nobody but the kernel kills it."""
    greedy = ["php", "-d", "memory_limit=-1", "-r", f"str_repeat('x', {TAKEN});"]
    image = run.servers[0].image
    options = {**HARDENED, **limits}
    with throwaway.container(client, run.session, image, greedy, name="greedy", **options) as one:
        return throwaway.ended(one).status


def _healthy(url: str) -> bool:
    try:
        with urlopen(f"{url}/health.php", timeout=HEALTH_LIMIT) as answer:  # noqa: S310 -- our own address
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, TimeoutError) as error:
        if isinstance(error, HTTPError):
            error.close()  # it is the answer
        return False


def _mib(amount: int) -> str:
    return f"{amount // 2**20:,} MiB"


def launch_machine(run: Run) -> None:
    """Let a machine of the artifact boot while other things are shown."""
    way = run.running.enter_context(access(run.session))
    target = Target("machine", run.built[f"machine-{FOLDER}"].id, "machine", port=0)
    launching = machines.launch(run.engine, run.session, way, [target])
    run.launched = run.running.enter_context(launching)


def show_machine(run: Run) -> None:
    """Ask the machine for its kernel, and its host for the machine's processes."""
    run.progress("machine", Sentence("booting"))
    (machine,) = machines.booted(run.engine, run.launched)
    with shell.connected(machine.host.address, timeout=shell.PATIENT) as host:
        own = inside(host)
    with engines.opened(run.engine) as client:
        container = throwaway.of(client, run.servers[0])
        kernel, boot = throwaway.ask(container, BOOT).text.split()
        qemu = client.containers.get(machine.container)
        with throwaway.watcher(client, run.session, run.servers[0].image) as outside:
            seen = throwaway.programs(outside, qemu)
        leftovers.remove_container(client.api, machine.container)  # it takes a whole CPU
    run.show("machine_kernel", holds=own.boot != boot, kernel=own.kernel, host=kernel)
    holds = len(seen) == 1 < own.processes and seen[0].startswith(machines.QEMU)
    run.show("machine_unseen", holds=holds, inside=own.processes, outside=len(seen))
