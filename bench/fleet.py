"""Time and memory of a comparison as a curve over 1, 10, 30 and 100 hosts; three were changed.

The hosts are containers of one image: python -m bench.fleet
"""

import resource
import subprocess
import sys
from time import perf_counter

import docker

from bench.servers import crowd, stage
from deployment_drift.engine.engines import opened
from deployment_drift.records import Host

SIZES = (1, 10, 30, 100)
CHANGED = ("web-17", "web-40", "web-81")
CHANGE = "echo 'memory_limit = 64M' > /etc/php/8.2/cli/conf.d/99-zz-by-hand.ini"
RUN = """
import json, resource, sys
from deployment_drift.compare.comparison import groups
from deployment_drift.run import play
from deployment_drift.scenes import compare
report = play(compare.of(json.loads(sys.argv[1])))
odd = {host for made in report.comparisons for group in groups(made)[1:] for host in group}
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"odd": sorted(odd), "memory": memory, "status": report.status}))
"""


def change(client: docker.DockerClient, hosts: dict[str, Host]) -> set[str]:
    """Change the three hosts by hand, and return the names that a report gives them."""
    ids = [hosts[name].address.removeprefix("docker://") for name in CHANGED]
    for each in ids:
        client.containers.get(each).exec_run(["sh", "-c", CHANGE])
    return set(ids)


def measure(hosts: list[Host]) -> tuple[float, dict[str, object]]:
    """Return the seconds of one comparison in a process of its own, and what it found."""
    import json

    addresses = [host.address for host in hosts]
    start = perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(addresses)],
        capture_output=True,
        text=True,
        check=True,
    )
    return perf_counter() - start, json.loads(ended.stdout)


def main() -> None:
    """Print the curve, and fail unless exactly the three are found among the hundred."""
    print("hosts  seconds  memory   found")
    with stage() as made:
        hosts = {host.name: host for host in crowd(made, SIZES[-1])}
        with opened(made.engine) as client:
            changed = change(client, hosts)
        times = {}
        for size in SIZES:
            chosen = list(hosts.values())[: size + (size == 1)]  # one host more than the reference
            times[size], found = measure(chosen)
            memory = int(str(found["memory"])) // 1024
            print(f"{size:5}  {times[size]:6.2f}   {memory:4} MiB  {len(list(found['odd']))}")  # type: ignore[call-overload]
    if set(found["odd"]) != changed:  # type: ignore[call-overload]
        raise SystemExit(f"found {found['odd']} instead of the three that were changed")
    each = (times[100] - times[10]) / 90
    print(f"each further host: {each:.3f} s; children's peak {peak()} MiB")


def peak() -> int:
    """Return the largest memory of a child process, in MiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


if __name__ == "__main__":
    main()
