"""Looks at Xen's guests from both sides: from where they are managed, and from inside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from deployment_drift.errors import HostError
from deployment_drift.probe import shell
from deployment_drift.run import Run
from deployment_drift.scenes.hypervisor import emulated
from deployment_drift.scenes.hypervisor.domains import Below, Domain, below, domains
from deployment_drift.scenes.hypervisor.emulated import FOLDER, Emulated
from deployment_drift.targets import computers
from deployment_drift.targets.computers import GUESTS, MEMORY
from deployment_drift.waiting import until

MANAGER = "Domain-0"
CRASH = "setsid sh -c 'sleep 1; echo c >/proc/sysrq-trigger' </dev/null >/dev/null 2>&1 &"
CRASH_LIMIT = computers.LIMIT
_PAUSE = 1.0


@dataclass
class Found:
    """Which Xen runs, and what runs on it: as it is listed and as guests see it."""

    version: str = ""
    domains: Sequence[Domain] = ()
    below: dict[str, Below] = field(default_factory=dict)


def switch_on(run: Run) -> None:
    """Switch on a computer that has Xen, and read what its console said."""
    show_first(run, emulated.switch_on(run, "xen", "xen"))


def show_first(run: Run, log: str) -> None:
    """See in what was written to the console that Xen came first, and Linux after it."""
    xen, linux = (re.search(rf"{name} version (\S+)", log) for name in ("Xen", "Linux"))
    holds = bool(xen and linux and xen.start() < linux.start())
    run.handed(Found).version = xen[1] if xen else ""
    run.show("xen_first", holds=holds, xen=xen[1] if xen else "", linux=linux[1] if linux else "")


def show_guests(run: Run) -> None:
    """Ask who manages Xen what runs on it."""
    made, found = run.handed(Emulated), run.handed(Found)
    with shell.connected(made.computer.control.address, timeout=shell.PATIENT) as control:
        found.domains = domains(control)
        made.inside[MANAGER] = emulated.manager(control)
    names = [each.name for each in found.domains]
    run.show("only_guests", holds=names == [MANAGER, *GUESTS], guests=names[1:])


def show_inside(run: Run) -> None:
    """Look at each guest from inside: its own kernel, Xen below it, and what it was given."""
    found = run.handed(Found)
    for guest in run.handed(Emulated).computer.guests:
        with shell.connected(guest.address, timeout=shell.PATIENT) as host:
            found.below[guest.name] = below(host)
            emulated.look(run, host, guest.name)
    emulated.show_kernels(run)
    known = {each.name: each.uuid for each in found.domains}
    seen = {name: each.uuid for name, each in found.below.items()}
    kinds = {each.kind for each in found.below.values()}
    holds = kinds == {"xen"} and seen.items() <= known.items()
    run.show("xen_below", holds=holds, kind=sorted(kinds), uuid=seen[FOLDER][:8])
    _show_given(run, found.domains[1:], found.below)


def _show_given(run: Run, listed: Sequence[Domain], below: Mapping[str, Below]) -> None:
    """See that a guest has what it was given, as Xen lists it and as it sees itself."""
    holds = all((each.memory, each.cpus) == (MEMORY, 1) for each in listed)
    inside = all(each.memory <= MEMORY and each.cpus == 1 for each in below.values())
    run.show("given", holds=holds and inside, memory=MEMORY, inside=below[FOLDER].memory)


def compare(run: Run) -> None:
    """Set the container beside the guest that was made of it."""
    found = run.handed(Found)
    below = f"{found.below[FOLDER].kind.capitalize()} {found.version}"
    emulated.compare(run, "xen", f"hypervisor {below}", times=len(found.domains))


def crash(run: Run) -> None:
    """Let one guest crash, and ask the others; none, where both are to go on running."""
    computer = run.handed(Emulated).computer
    victim, other = computer.guests
    if run.keep:
        run.show("crash_left_out", holds=None)
        return
    with (
        shell.connected(computer.control.address, timeout=shell.PATIENT) as control,
        shell.connected(victim.address, timeout=shell.PATIENT) as host,
    ):
        host.run(CRASH)  # which a shell that is closed would take away with it
        crashed = _awaited(control, victim.name)
    computers.await_page(computer.container, other.name, other.url)
    names = {"victim": victim.name, "other": other.name}
    run.show("crash_alone", holds=crashed == [victim.name], **names)


def _awaited(control: Any, victim: str) -> list[str]:  # noqa: ANN401 -- testinfra's
    """Return the names of those that have crashed, as soon as one has."""

    def crashed() -> list[str]:
        return [each.name for each in domains(control) if each.has_crashed]

    what = f"{victim} was told to crash, but goes on after {CRASH_LIMIT:.0f} s."
    late = partial(HostError, what, hint="try again when this computer is less busy")
    return until(crashed, limit=CRASH_LIMIT, pause=_PAUSE, late=late)
