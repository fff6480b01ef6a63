"""One engine and one snapshot for all faults, and the page that is made of them."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from deployment_drift import paths, scenes
from deployment_drift.build import images
from deployment_drift.engine import engines
from tests.faults.fault import Fault
from tests.faults.page import PAGE, page
from tests.faults.play import Ended, Place

PLAYED = ("drift", "container")
Played = list[tuple[Fault, Ended]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option with which the page is written."""
    parser.addoption("--write-page", action="store_true", help="write docs/faults.md")


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    """Give the list of what was played; in the end it is written down, if that is asked for."""
    rows: Played = []
    yield rows
    if request.config.getoption("--write-page"):
        before = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(rows, before), "utf-8")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the snapshot of this machine."""
    file = tmp_path_factory.mktemp("snapshot") / "good.json"
    words = [str(paths.root() / "invoke"), "snapshot", "local://", "--output", str(file)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return file


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    """Give a client of the engine that the scenes would use, with the images of those played.

    A fault is to come while servers run, and not while the first scene builds them for minutes.
    """
    engine = engines.connect(print)
    folders = dict.fromkeys(folder for name in PLAYED for folder in scenes.find(name).images)
    images.build_with_bases(engine, list(folders), print, root=paths.root())
    with engines.opened(engine) as opened:
        yield opened


@pytest.fixture
def place(
    request: pytest.FixtureRequest, tmp_path: Path, snapshot: Path
) -> Callable[[Fault], Place]:
    """Give what makes the place for a fault: with an engine only where one is needed."""

    def make(fault: Fault) -> Place:
        if "root" in fault.needs and os.geteuid():
            pytest.skip("only root can cause this")
        if "engine" not in fault.needs:
            return Place(tmp_path, snapshot)
        opened = request.getfixturevalue("client")
        found = engines.find()
        return Place(tmp_path, snapshot, opened, found.environment if found else {})

    return make
