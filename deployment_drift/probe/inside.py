"""What a host looks like from inside: its kernel, its first program, its processes, its PHP."""

from dataclasses import dataclass
from typing import Any

BOOT_ID = "/proc/sys/kernel/random/boot_id"
BOOT = f"uname -r; cat {BOOT_ID}"
"""The kernel, and the name of its present start: as a line of sh."""
DIGEST = 'sha256sum "$(readlink -f "$(command -v php)")"'
_FACTS = f"{BOOT}; cat /proc/1/comm; set -- /proc/[0-9]*; echo $#"
_ASKING = 4
"""Processes in a machine that are there because it is asked: two of sshd, two of sh."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What is seen from inside; `boot` differs for every start of a kernel."""

    kernel: str
    boot: str
    init: str
    processes: int
    digest: str


def inside(host: Any) -> Inside:  # noqa: ANN401 -- testinfra's host has no static attributes
    """Ask a machine, through testinfra over ssh, for its kernel, its first program and its PHP."""
    kernel, boot, init, processes = host.check_output(_FACTS).split("\n")
    digest = host.check_output(DIGEST).split()[0]
    return Inside(kernel, boot, init, int(processes) - _ASKING, digest)
