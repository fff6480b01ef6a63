"""tests/parity on two Docker hosts: one kept shell a host against testinfra's own backend.

The two take turns in one run: python -m bench.parity
"""

import subprocess
import sys
from statistics import median
from time import perf_counter

import testinfra

from bench.servers import pair
from deployment_drift import paths
from deployment_drift.probe import shell

ROUNDS = 5
COMMANDS = 100


def seconds(addresses: list[str], *options: str) -> float:
    """Return what one run of the checks takes; a run without comparisons would be a fault."""
    hosts = [f"--local={addresses[0]}", f"--release={addresses[1]}"]
    program = [sys.executable, "-m", "pytest", "-q", "--no-summary", str(paths.checks())]
    start = perf_counter()
    ended = subprocess.run(
        [*program, *options, *hosts], capture_output=True, text=True, check=False
    )
    took = perf_counter() - start
    last = ended.stdout.splitlines()[-1]
    if "failed" not in last or "error" in last:
        raise SystemExit(ended.stdout + ended.stderr)
    return took


INSIDE = """
import sys
from time import perf_counter
if sys.argv[3:]:
    import bench.own_backend
import deployment_drift.probe.shell
from deployment_drift.compare import checks
start = perf_counter()
checks.run(sys.argv[1:3], lambda _: None)
print(perf_counter() - start)
"""


def inside(addresses: list[str], *peer: str) -> float:
    """Return what the checks take inside a scene: connecting and asking, no start of Python."""
    program = [sys.executable, "-c", INSIDE, *addresses, *peer]
    return float(subprocess.run(program, capture_output=True, text=True, check=True).stdout)


def tell(what: str, rows: list[tuple[float, float]]) -> None:
    """Print the medians of both, and of their ratio round by round."""
    kept, own = (median(column) for column in zip(*rows, strict=True))
    ratio = median(other / one for one, other in rows)
    print(f"{what}: one kept shell {kept:.2f} s, testinfra's own {own:.2f} s, ratio {ratio:.1f}")


def main() -> None:
    """Measure the checks as a whole process, as in a scene, and one command after the other."""
    with pair() as servers:
        addresses = [server.address for server in servers]
        peer = ("-p", "bench.own_backend")
        rounds = range(ROUNDS)
        tell(
            "pytest, whole process",
            [(seconds(addresses), seconds(addresses, *peer)) for _ in rounds],
        )
        tell("as in a scene", [(inside(addresses), inside(addresses, "own")) for _ in rounds])
        tell(
            "100 commands",
            [(commands(addresses[0]), commands(addresses[0], own=True)) for _ in rounds],
        )


def commands(address: str, *, own: bool = False) -> float:
    """Return what a hundred commands take on one host, connecting included."""
    start = perf_counter()
    if own:
        host = testinfra.get_host(address)
        for _ in range(COMMANDS):
            host.run("true")
    else:
        with shell.connected(address) as host:
            for _ in range(COMMANDS):
                host.run("true")
    return perf_counter() - start


if __name__ == "__main__":
    main()
