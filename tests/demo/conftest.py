"""One engine for the whole run, and proof at its end that nothing of ours is left there."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import docker
import jsonschema
import pytest
from rich.cells import cell_len

from deployment_drift import paths
from deployment_drift.build import bases
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.events import Event
from deployment_drift.probe import snapshot
from deployment_drift.report.language import LANGUAGES, load
from deployment_drift.scene import Scene
from deployment_drift.scenes import find
from deployment_drift.stage.recording import last
from tests.chromium import browser
from tests.demo.ssh_server import server


@dataclass(frozen=True)
class Ended:
    """A command of the project that has ended."""

    status: int
    out: str
    err: str

    def expect(self, status: int) -> str:
        """Return what it printed, if it ended with that status."""
        assert self.status == status, self.out[-2000:] + self.err
        return self.out

    def document(self, status: int) -> Any:  # noqa: ANN401 -- JSON
        """Return its JSON document: nothing else is on standard output, and it fits its schema."""
        assert self.status == status, self.err + "\n".join(self.differing())
        content = json.loads(self.out)
        jsonschema.validate(content, snapshot.schema("report"))
        return content

    def differing(self) -> list[str]:
        """Return what of its JSON document, if it is one, is no parity or does not hold."""
        with suppress(json.JSONDecodeError):
            document = json.loads(self.out)
            rows = (c for c in document.get("checks", ()) if c["verdict"] in {"drift", "unknown"})
            untrue = (s for s in document.get("statements", ()) if s["holds"] is False)
            return [json.dumps(each)[:2000] for each in (*untrue, *rows)]
        return [self.out[-2000:]]

    def error(self, status: int) -> str:
        """Return what it complained of: without a traceback, and with what to type next."""
        assert self.status == status, self.out[-2000:] + self.err
        assert "Traceback" not in self.err
        assert "Next: " in self.err
        return self.err


class Invoke(Protocol):
    """Runs `./invoke` as a user does, with more environment variables."""

    def __call__(self, *words: str, **variables: str) -> Ended:
        """Run it to its end."""


__all__ = ["browser", "server"]  # fixtures that live in files of their own

Filters = dict[str, str | list[str] | bool]
COLUMNS = 70  # a Japanese character takes two
FOLDERS = Path(__file__).with_name("folders")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs an engine, so that `-m "not engine"` leaves it out."""
    for item in items:
        if FOLDERS.parent in item.path.parents:
            item.add_marker("engine")


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Give the engine that the scenes would use; a private one is started if need be."""
    return engines.connect(print)


@pytest.fixture(scope="session")
def docker_client(engine: Engine) -> Iterator[docker.DockerClient]:
    """Give a client of that engine."""
    with engines.opened(engine) as client:
        yield client


@pytest.fixture
def session() -> Iterator[Session]:
    """Give a session as a scene has one."""
    with ownership.session() as opened:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def _nothing_left(docker_client: docker.DockerClient) -> Iterator[None]:
    """After the last test no container, network or volume of ours is left."""
    yield
    ours: Filters = {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}
    assert docker_client.containers.list(all=True, filters=ours) == []
    assert docker_client.networks.list(filters=ours) == []
    assert docker_client.volumes.list(filters=ours) == []


def only(name: str, *steps: str) -> Scene:
    """Return a scene with some of its steps only."""
    scene = find(name)
    return replace(scene, steps={step: scene.steps[step] for step in steps})


def too_wide(statements: Iterable[tuple[str, Mapping[str, object]]]) -> list[str]:
    """Return the sentences, in each language, that the last row could not read.

    statements: their names, and the values that were measured.
    """
    said = [load(c).say(f"statements.{n}", **v) for n, v in statements for c in LANGUAGES]
    return [sentence for sentence in said if cell_len(sentence) > COLUMNS]


def quiet(_: Event) -> None:
    """Listen to a scene and say nothing."""


@pytest.fixture(scope="session")
def invoke(engine: Engine) -> Invoke:
    """Give `./invoke` of this checkout, on the engine of this run."""
    return runner(engine, 300)


@pytest.fixture
def shown_before(invoke: Invoke) -> None:
    """See that the drift was shown before: there is a recording of it."""
    if not last("drift"):
        invoke("demo-drift").expect(0)


@pytest.fixture(scope="session")
def patient(engine: Engine) -> Invoke:
    """Give the same with the patience that emulated builds and machines need."""
    return runner(engine, 1800)


def runner(engine: Engine, limit: int) -> Invoke:
    """Return what runs `./invoke` on an engine, for at most `limit` seconds."""

    def run(*words: str, **variables: str) -> Ended:
        environment = {**os.environ, **engine.environment, "LANG": "C.UTF-8", **variables}
        program = [str(paths.root() / "invoke"), *words]
        ended = subprocess.run(  # noqa: PLW1510 -- the status is what is looked at
            program, capture_output=True, text=True, env=environment, timeout=limit
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a copy of what is built and asked, that may be changed."""
    for name in ("app", "local", "release", "container", "tests/parity"):
        shutil.copytree(paths.root() / name, tmp_path / name)
    return tmp_path


@pytest.fixture(scope="session")
def trixie(engine: Engine) -> str:
    """Give the id of the base image that the folders of these tests start from."""
    return bases.prepare(engine, ["debian:trixie-slim"], print)[0].id


@pytest.fixture
def root(tmp_path: Path, trixie: str) -> Path:
    """Give a repository of small environments, each built in a second, that may be changed."""
    assert trixie
    return Path(shutil.copytree(FOLDERS, tmp_path / "root"))


@pytest.fixture
def environment() -> dict[str, str]:
    """Give the environment for a command of the project in a process of its own."""
    return {**os.environ, "PYTHONPATH": str(paths.root())}
