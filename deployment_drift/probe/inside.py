"""What a host looks like from inside: its kernel, what runs there, where it listens, its PHP."""

import re
from dataclasses import dataclass
from typing import Any

from deployment_drift.probe import shell

BOOT_ID = "/proc/sys/kernel/random/boot_id"
BOOT = f"uname -r; cat {BOOT_ID}"
"""The kernel, and the name of its present start: as a line of sh."""
DIGEST = 'sha256sum "$(readlink -f "$(command -v php)")"'
_FACTS = f"{BOOT}; cat /proc/1/comm; set -- /proc/[0-9]*; echo $#"
LOWEST = """\
echo machine=$(uname -m)
echo flags=$(grep -cm1 '^flags.* hypervisor' /proc/cpuinfo)
echo devices=$(ls /sys/bus/virtio/devices 2>/dev/null | wc -l)
echo model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
echo type=$(cat /sys/hypervisor/type 2>/dev/null)
echo vendor=$(cat /sys/class/dmi/id/sys_vendor 2>/dev/null)"""
"""What a host can see of what lies below its kernel: lines of sh."""
_TELLING = {"x86_64", "i686"}
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


def lowest(said: str) -> str:
    """Return the layer below a host's kernel, by what LOWEST has said: its kind, and a name.

    A processor of x86 tells whether a hypervisor gives it. Of others only what a hypervisor has
    given is proof; without it, it is not known.
    """
    facts = dict(line.split("=", 1) for line in said.splitlines())
    told = facts["machine"] in _TELLING
    given = facts["flags"] != "0" if told else facts["devices"] != "0" or facts["type"]
    if not given:
        kind, name = ("hardware", facts["model"]) if told else ("unseen", facts["machine"])
    else:
        kind, name = "virtual", facts["type"] or facts["vendor"]
    # layers are told by commas, and a processor's name has marks that nobody says
    return f"{kind} {re.sub(r'[(](R|TM)[)]|,', '', name)}".strip()


def release(kernel: str) -> str:
    """Return a kernel's name as short as people say it, without what its packagers add."""
    return f"Linux {re.sub(r'[^0-9.].*', '', kernel)}"


def running(address: str) -> list[str]:
    """Return the names of what runs on a host, sorted, each once."""
    with shell.connected(address) as host:
        return running_on(host)


def running_on(host: Any) -> list[str]:  # noqa: ANN401 -- testinfra's host
    """Return the same for a host that is connected."""
    return started(host.run("cat /proc/[0-9]*/stat 2>/dev/null").stdout)


def started(table: str) -> list[str]:
    """Return the names of process 1 and of all that descend from it, from `/proc/PID/stat`."""
    rows = {}
    for line in table.splitlines():
        pid, _, rest = line.partition(" (")
        name, _, numbers = rest.rpartition(") ")
        rows[pid] = (name, numbers.split()[1])
    return sorted({name for pid, (name, _) in rows.items() if _descends(pid, rows)})


def _descends(pid: str, rows: dict[str, tuple[str, str]]) -> bool:
    while pid in rows and pid != "1":
        pid = rows[pid][1]
    return pid == "1"


def listening(host: Any) -> set[int]:  # noqa: ANN401
    """Return the TCP ports on which something on a Linux host listens, by its kernel's table."""
    rows = host.check_output("cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true").splitlines()
    sockets = [row.split() for row in rows if ":" in row]
    # 127.0.0.11 is the engine's own name server, on a port that is another one every time
    own = [words[1] for words in sockets if words[3] == "0A" and words[1][:8] != "0B00007F"]
    return {int(address.rpartition(":")[2], 16) for address in own}
