"""What a container is at one moment, to be compared with another: files, processes."""

from typing import cast

from docker.models.containers import Container

# Of / itself, the engine touches the time of change whenever anything is run in a container; a
# database and a cache write their own files whether they are asked or not.
LISTING = (
    *("find", "/", "-xdev", "-mindepth", "1"),
    *("(", "-path", "/var/lib/mysql", "-o", "-path", "/var/lib/redis", ")", "-prune", "-o"),
    *("-printf", r"%p %s %m %u %T@ %C@\n"),
)


def files(server: Container) -> list[str]:
    """Return a server's files, each with size, mode, owner and times."""
    return cast("bytes", server.exec_run(list(LISTING)).output).decode().splitlines()


def processes(server: Container) -> list[str]:
    """Return what runs on a server, by process and command."""
    return sorted(f"{row[1]} {row[-1]}" for row in server.top()["Processes"])
