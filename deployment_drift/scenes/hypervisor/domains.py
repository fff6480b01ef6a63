"""Reads what runs on Xen, as who manages it lists it and as a guest sees it from inside."""

from dataclasses import dataclass
from typing import Any

LIST = "xl list -v"
BELOW = (
    "cat /sys/hypervisor/type /sys/hypervisor/uuid; nproc; sed -n 's/MemTotal: *//p' /proc/meminfo"
)


@dataclass(frozen=True, slots=True)
class Domain:
    """What runs on Xen: its MiB of memory, its processors, and letters for what it does."""

    name: str
    memory: int
    cpus: int
    state: str
    uuid: str

    @property
    def has_crashed(self) -> bool:
        """Whether Xen has stopped it because it crashed."""
        return "c" in self.state


@dataclass(frozen=True, slots=True)
class Below:
    """What a guest sees below its kernel, and what it has of that: processors, MiB of memory."""

    kind: str
    uuid: str
    cpus: int
    memory: int


def domains(control: Any) -> list[Domain]:  # noqa: ANN401 -- testinfra's
    """Return what runs on Xen, in the order in which it was started."""
    return listed(control.check_output(LIST))


def listed(said: str) -> list[Domain]:
    """Return the domains that `xl list -v` names."""
    rows = [line.split() for line in said.splitlines()[1:]]
    return [Domain(row[0], int(row[2]), int(row[3]), row[4], row[6]) for row in rows]


def below(host: Any) -> Below:  # noqa: ANN401 -- testinfra's
    """Ask a guest what lies below it."""
    kind, uuid, cpus, memory = host.check_output(BELOW).splitlines()
    return Below(kind, uuid, int(cpus), int(memory.split()[0]) // 1024)
