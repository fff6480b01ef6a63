"""Says what runs on a host: process 1 and its descendants, without whoever asks."""

from typing import Any

from deployment_drift.probe import shell


def of(address: str) -> list[str]:
    """Return the names of what runs on a host, sorted, each once."""
    with shell.connected(address) as host:
        return on(host)


def on(host: Any) -> list[str]:  # noqa: ANN401 -- testinfra's host
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
