"""Our container start against `docker run` and bare runc, in turns: python -m bench.startup."""

import json
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from deployment_drift import steps
from deployment_drift.engine import engines
from deployment_drift.run import Run, opened
from deployment_drift.scenes.container import SCENE
from deployment_drift.scenes.startup import starts
from deployment_drift.scenes.startup.starts import once
from deployment_drift.targets import throwaway

if TYPE_CHECKING:
    import docker

ROUNDS = 15
LIMITS = [
    *("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"),
    *("--pids-limit=200", "--memory=512m", "--tmpfs=/tmp", "--tmpfs=/run"),
]
SLEEP = ["sleep", "600"]


def ends_well(command: list[str]) -> None:
    """Run a program that has to end well."""
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def bundle(run: Run, client: "docker.DockerClient", image: str) -> Path | None:
    """Make what runc starts from, on the files of a container that runs; None where it cannot."""
    if not which("runc"):
        return None
    holder = run.running.enter_context(
        throwaway.container(client, run.session, image, SLEEP, user="0")
    )
    holder.reload()
    root = Path(holder.attrs["GraphDriver"]["Data"].get("MergedDir", ""))
    if not (root / "usr").is_dir():
        return None  # the engine runs elsewhere
    folder = Path(mkdtemp())
    ends_well(["runc", "spec", "--bundle", str(folder)])
    config = json.loads((folder / "config.json").read_text())
    config["root"] = {"path": str(root), "readonly": True}
    config["process"] |= {"args": starts.PROGRAM, "terminal": False}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def measured(run: Run, client: "docker.DockerClient") -> Mapping[str, Callable[[], object]]:
    """Return the ways to start the same line of PHP, by their names."""
    image = run.built["container"].id
    docker = ["docker", "run", "--rm"]
    found: dict[str, Callable[[], object]] = {
        "ours": partial(starts.answer, client, run, image),
        "docker run, our limits": partial(ends_well, [*docker, *LIMITS, image, *starts.PROGRAM]),
        "docker run": partial(ends_well, [*docker, image, *starts.PROGRAM]),
    }
    folder = bundle(run, client, image)
    if folder:
        bare = ["runc", "run", "--bundle", str(folder), f"bench-{run.session.id}"]
        found["bare runc"] = partial(ends_well, bare)
    return found


def main() -> None:
    """Print each way's median, and its ratio to `docker run`, round by round."""
    with opened(SCENE) as run:
        steps.find_engine(run)
        steps.prepare_bases(run)
        steps.build_images(run)
        client = run.running.enter_context(engines.opened(run.engine))
        found = measured(run, client)
        rows = [{name: once(work) for name, work in found.items()} for _ in range(ROUNDS)]
    for name in found:
        seconds = median(row[name] for row in rows)
        ratio = median(row[name] / row["docker run, our limits"] for row in rows)
        print(f"{name:24} {seconds:.3f} s   {ratio:.2f} times docker run with our limits")


if __name__ == "__main__":
    main()
