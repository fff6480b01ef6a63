"""tests/parity on two Docker hosts: one kept shell a host against testinfra's own backend.

The two take turns in one run, whole processes, pytest's start included: python -m bench.parity
"""

import subprocess
import sys
from statistics import median
from time import perf_counter

from bench.servers import pair
from drift import checks

ROUNDS = 5


def seconds(addresses: list[str], *options: str) -> float:
    """Return what one run of the checks takes; a run without comparisons would be a fault."""
    hosts = [f"--local={addresses[0]}", f"--release={addresses[1]}"]
    program = [sys.executable, "-m", "pytest", "-q", "--no-summary", str(checks.own())]
    start = perf_counter()
    ended = subprocess.run(
        [*program, *options, *hosts], capture_output=True, text=True, check=False
    )
    took = perf_counter() - start
    last = ended.stdout.splitlines()[-1]
    if "failed" not in last or "error" in last:
        raise SystemExit(ended.stdout + ended.stderr)
    return took


def main() -> None:
    """Print the median of both and of their ratio, round by round."""
    with pair() as servers:
        addresses = [server.address for server in servers]
        rows = [
            (seconds(addresses), seconds(addresses, "-p", "bench.own_backend"))
            for _ in range(ROUNDS)
        ]
    kept, own = (median(column) for column in zip(*rows, strict=True))
    ratio = median(other / one for one, other in rows)
    print(f"one kept shell a host: {kept:.2f} s")
    print(f"testinfra's own docker backend: {own:.2f} s")
    print(f"ratio: {ratio:.1f} (median of {ROUNDS} rounds side by side)")


if __name__ == "__main__":
    main()
