"""Compares a thousand snapshots with a reference: seconds, peak memory, and who is odd.

    python bench/snapshots.py [SNAPSHOT] [--hosts 1000]

They are one snapshot (by default of this machine) with small changes; the last is made an odd one.
"""

import argparse
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from deployment_drift import paths
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.script import script


def taken() -> bytes:
    """Return a snapshot of this machine."""
    return subprocess.run(
        ["/bin/sh", "-s"], input=script(Questions()).encode(), stdout=subprocess.PIPE, check=True
    ).stdout


def made(base: bytes, folder: Path, hosts: int) -> list[str]:
    """Write the reference and its many likenesses; each has another name and another mount."""
    paths = [folder / f"web-{number}" for number in range(hosts + 1)]
    for number, path in enumerate(paths):
        text = base.replace(b"overlay", b"overlay-%d" % number)
        if number == hosts:
            text = text.replace(b"begin shell\n", b"begin shell\n/odd", 1)
        path.write_bytes(text)
    return [str(path) for path in paths]


def main() -> None:
    """Measure one comparison in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("snapshot", nargs="?", type=Path)
    parser.add_argument("--hosts", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = given.snapshot.read_bytes() if given.snapshot else taken()
        local, *releases = made(base, Path(folder), given.hosts)
        words = ["--local", local, *(word for each in releases for word in ("--release", each))]
        command = [str(paths.root() / "invoke"), "compare", *words]
        begin = time.monotonic()
        status = subprocess.run(command, check=False, cwd=paths.root()).returncode
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds, cpu = time.monotonic() - begin, used.ru_utime + used.ru_stime
        if status not in {1, 2}:  # the odd one drifts; what may not be read is unknown
            raise SystemExit(f"the comparison ended with {status}")
        print(
            f"{given.hosts} hosts: {seconds:.1f} s, {cpu:.1f} s of CPU, {used.ru_maxrss >> 10} MB"
        )


if __name__ == "__main__":
    main()
