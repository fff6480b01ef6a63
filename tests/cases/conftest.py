"""Builds the pairs that were chosen, and ends with a table of what was said of each."""

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from itertools import chain

import docker
import pytest
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.build import bases
from deployment_drift.engine import engines, ownership
from deployment_drift.engine.engines import Engine
from tests import traces
from tests.cases import servers
from tests.cases.servers import Case, Starter

BASES = ("debian:trixie-slim", "debian:bookworm-slim")
LIMIT = 120
GONE = 12.0  # seconds
WIDTH = "100"
SAID = "said of "

Compare = Callable[[str, str], tuple[int, str]]
Changes = Callable[[Sequence[str]], AbstractContextManager[set[str]]]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print, for each pair, how many rows stand above the cause, and what was said."""
    table = defaultdict[str, list[str]](list)
    for each in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(each, pytest.TestReport) and each.when == "call":
            for key, said in each.user_properties:
                if isinstance(said, str) and key.startswith(SAID):
                    table[key.removeprefix(SAID)].append(said)
    if table:
        terminalreporter.section("pairs")
    for name, said in table.items():
        terminalreporter.line(f"{name:28} {' | '.join(said)}")


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Give the engine that the scenes would use."""
    return engines.connect(print)


@pytest.fixture(scope="session")
def chosen(request: pytest.FixtureRequest) -> list[Case]:
    """Give the pairs that were chosen, in their order."""
    items = (getattr(item, "callspec", None) for item in request.session.items)
    given = (spec.params.get("case") for spec in items if spec)
    return list({case.name: case for case in given if isinstance(case, Case)}.values())


@pytest.fixture(scope="session")
def client(engine: Engine, chosen: list[Case]) -> Iterator[docker.DockerClient]:
    """Give a client of the engine, on which the images of the chosen pairs are there."""
    bases.prepare(engine, BASES, lambda *_: None)
    with engines.opened(engine, limit=900) as opened:
        servers.build(opened, chosen)
        yield opened


@pytest.fixture(scope="session")
def starter(client: docker.DockerClient, chosen: list[Case]) -> Iterator[Starter]:
    """Give what starts the servers of one pair after the other."""
    with ownership.session() as session, closing(Starter(client, session, chosen)) as starter:
        yield starter


@pytest.fixture(scope="module", params=servers.every(), ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    """Give one pair after the other."""
    found: Case = request.param
    return found


@pytest.fixture(scope="module")
def addresses(starter: Starter, case: Case) -> Iterator[dict[str, str]]:
    """Give the addresses of the pair's running servers."""
    with starter.running(case) as found:
        yield found


@pytest.fixture(scope="session")
def compare(engine: Engine) -> Compare:
    """Compare two hosts as a user does; give the exit status and the screen."""
    environment = {**os.environ, **engine.environment, "LANG": "C.UTF-8", "COLUMNS": WIDTH}

    def run(local: str, release: str) -> tuple[int, str]:
        command = [str(paths.root() / "invoke"), "compare", "--local", local, "--release", release]
        ended = subprocess.run(  # noqa: PLW1510 -- the status is what is looked at
            command, capture_output=True, text=True, env=environment, timeout=LIMIT
        )
        return ended.returncode, ended.stdout + ended.stderr

    return run


@pytest.fixture(scope="session")
def changes(client: docker.DockerClient) -> Changes:
    """Give what collects how files, logs and processes of servers have changed in the end."""

    def container(address: str) -> Container:
        return client.containers.get(address.removeprefix("docker://"))

    def look(address: str) -> set[str]:
        server = container(address)
        log = server.logs().decode(errors="replace")
        return {*traces.files(server), *traces.processes(server), log}

    @contextmanager
    def watched(addresses: Sequence[str]) -> Iterator[set[str]]:
        with ExitStack() as held:
            for each in addresses:
                held.enter_context(traces.without_jobs(container(each)))
            before, changed = [look(each) for each in addresses], set[str]()
            yield changed
            end = time.monotonic() + GONE  # the watchman of busybox's timeout goes a little later
            for address, seen in zip(addresses, before, strict=True):
                while (found := look(address) ^ seen) and time.monotonic() < end:
                    time.sleep(0.5)
                changed |= found

    return watched


@pytest.fixture
def say(case: Case, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Note something for the table at the end."""
    return lambda text: request.node.user_properties.append((SAID + case.name, text))
