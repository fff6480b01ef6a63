"""Looks at a guest of KVM, and at the Linux that it runs on, on a computer of their own."""

import re

from deployment_drift.probe import shell
from deployment_drift.probe.inside import release
from deployment_drift.run import Run
from deployment_drift.scenes.hypervisor import emulated
from deployment_drift.scenes.hypervisor.emulated import Emulated
from deployment_drift.targets.machines import KVM, QEMU

HELD = f"""
pid=$(pidof {QEMU}x86_64)
echo "$pid" $(readlink /proc/$pid/fd/* | grep -c '^{KVM}$')
cat /proc/[0-9]*/comm | wc -l
"""
"""Asks for the guest's QEMU, how often it holds KVM open, and how many processes there are."""
CLOCK = "cat /sys/devices/system/clocksource/clocksource0/current_clocksource"


def switch_on(run: Run) -> None:
    """Switch on a computer that has Linux, and read what its console said."""
    show_first(run, emulated.switch_on(run, "linux", "nested"))


def show_first(run: Run, log: str) -> None:
    """See in what was written to the console that Linux came first, and KVM's guest after it."""
    linux = re.search(r"Linux version (\S+)", log)
    holds = bool(linux and log.find(f"through {KVM}", linux.end()) > 0 and "Xen" not in log)
    run.show("linux_first", holds=holds, linux=linux[1] if linux else "")


def show_guest(run: Run) -> None:
    """See that the guest runs through the host's own KVM, and look at both from inside."""
    made = run.handed(Emulated)
    with shell.connected(made.computer.control.address, timeout=shell.PATIENT) as control:
        made.inside["host"] = emulated.manager(control)
        _show_held(run, control.check_output(HELD))
    (guest,) = made.computer.guests
    with shell.connected(guest.address, timeout=shell.PATIENT) as host:
        emulated.look(run, host, guest.name)
        clock = host.check_output(CLOCK)
    emulated.show_kernels(run)
    run.show("kvm_below", holds=clock.startswith("kvm"), clock=clock)


def _show_held(run: Run, said: str) -> None:
    pid, held, count = (int(word) for word in said.split())
    run.show("kvm_held", holds=held > 0, pid=pid, device=KVM)
    run.show("host_runs_on", holds=count > 1, others=count - 1)


def compare(run: Run) -> None:
    """Set the container beside the guest that was made of it."""
    host = release(run.handed(Emulated).inside["host"].kernel)
    emulated.compare(run, "nested", f"both {host} + KVM, machines QEMU")
