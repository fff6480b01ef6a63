"""What a container is at one moment, to be compared with another: files, processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from docker.models.containers import Container

# Of / itself, the engine touches the time of change whenever anything is run in a container; a
# database and a cache write their own files whether they are asked or not.
LISTING = (
    *("find", "/", "-xdev", "-mindepth", "1"),
    *("(", "-path", "/var/lib/mysql", "-o", "-path", "/var/lib/redis", ")", "-prune", "-o"),
    *("-printf", r"%p %s %m %u %T@ %C@\n"),
)

SIGNAL = """
for each in /proc/[0-9]*; do
    read -r name 2>/dev/null < $each/comm && [ "$name" = cron ] && kill "-$0" "${each#/proc/}"
done; :
"""


@contextmanager
def without_jobs(server: Container) -> Iterator[None]:
    """Hold a server's cron: a job of its own writes files, too, on the minute."""
    try:
        server.exec_run(["sh", "-c", SIGNAL, "STOP"])
        yield
    finally:
        server.exec_run(["sh", "-c", SIGNAL, "CONT"])


def files(server: Container) -> list[str]:
    """Return a server's files, each with size, mode, owner and times."""
    return cast("bytes", server.exec_run(list(LISTING)).output).decode().splitlines()


def processes(server: Container) -> list[str]:
    """Return what runs on a server, by process and command."""
    return sorted(f"{row[1]} {row[-1]}" for row in server.top()["Processes"])
