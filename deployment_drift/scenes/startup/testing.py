"""Plays the shop's tests, each run in a container of its own that nobody keeps."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from deployment_drift import parallel, paths
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.parallel import Cancel
from deployment_drift.records import Host
from deployment_drift.run import Run
from deployment_drift.scenes.startup.starts import once

FILE, IMAGE = "SHOP_LIFE", "SHOP_IMAGE"
"""Environment variables for the tests: where to write the life, which image to start."""
AT_ONCE = 10
LIMIT = 600
"""Seconds that one run of the tests may take: on a busy machine, ten at once took 120."""
FOLDER = Path("tests", "shop")


@dataclass(frozen=True, slots=True)
class Life:
    """A test container's seconds: until it is created, ready, tested, and gone."""

    session: str
    create: float
    ready: float
    tests: float
    gone: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.create + self.ready + self.tests + self.gone


def told(life: Life) -> str:
    """Return a life in one line."""
    return (
        f"container: created {life.create:.2f} s, ready {life.ready:.2f} s, "
        f"tests {life.tests:.2f} s, gone {life.gone:.2f} s"
    )


def created(engine: Engine, host: Host) -> float:
    """Return the seconds between a container's creation and its program's start."""
    with engines.opened(engine) as client:
        made = client.containers.get(host.address.removeprefix("docker://")).attrs
    begin, end = (
        datetime.fromisoformat(moment) for moment in (made["Created"], made["State"]["StartedAt"])
    )
    return (end - begin).total_seconds()


def run_tests(image: str, file: Path, _: Cancel | None = None) -> Life:
    """Run the shop's tests, and return what became of their container."""
    told = ["-q", "--tb=line", "-rN"]  # one line for each failure, and that says why
    command = [sys.executable, "-m", "pytest", *told, "-p", "no:cacheprovider", str(FOLDER)]
    environment = {**os.environ, FILE: str(file), IMAGE: image}
    try:
        done = subprocess.run(
            command,
            cwd=paths.root(),
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        what = f"The shop's tests had not ended within {LIMIT} s."
        raise DriftError(what, hint="try again when this computer is less busy") from error
    if done.returncode:
        detail = "\n".join(done.stdout.splitlines()[-15:])
        raise DriftError("The shop's tests failed.", hint=f"pytest {FOLDER}", detail=detail)
    return Life(**json.loads(file.read_text("utf-8")))


def left(engine: Engine, lives: Sequence[Life]) -> int:
    """Return how many containers of these tests there still are."""
    labels = [f"{ownership.LABEL}={life.session}" for life in lives]
    with engines.opened(engine) as client:
        found = [client.containers.list(all=True, filters={"label": each}) for each in labels]
    return sum(len(each) for each in found)


def show_tests(run: Run) -> None:
    """Test the shop in a container that is thrown away, then ten times at once."""
    image = run.built["container"].id
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.json" for number in range(AT_ONCE + 1)]
        _show_one(run, run_tests(image, files[0]))
        lives: list[Life] = []
        seconds = once(lambda: lives.extend(parallel.each(partial(run_tests, image), files[1:])))
    remaining = left(run.engine, lives)
    run.show(
        "ten_at_once",
        holds=not remaining,
        count=len(lives),
        seconds=round(seconds, 1),
        left=remaining,
    )


def _show_one(run: Run, life: Life) -> None:
    remaining = left(run.engine, [life])
    run.show(
        "thrown_away",
        holds=not remaining,
        create=round(life.create, 2),
        ready=round(life.ready, 2),
        tests=round(life.tests, 2),
        gone=round(life.gone, 2),
    )
