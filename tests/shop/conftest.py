"""A container of the shop for its tests: made before the first, thrown away after the last."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

import pytest

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import engines, ownership
from deployment_drift.scenes.startup import testing
from deployment_drift.scenes.startup.testing import Life
from deployment_drift.targets import hosts
from deployment_drift.targets.target import Target

life_key = pytest.StashKey[Life]()


@pytest.fixture(scope="session")
def shop(pytestconfig: pytest.Config) -> Iterator[str]:
    """Give the address of a shop that is there for these tests only."""
    engine = engines.connect(print)
    image = os.environ.get(testing.IMAGE) or _build(engine)
    with ownership.session() as session:
        begin = perf_counter()
        target = Target("shop", image, hardened=True, port=8080)
        with hosts.start(engine, session, [target]) as (host,):
            ready = perf_counter()
            yield host.url
            tested = perf_counter()
            create = testing.created(engine, host)
        gone = perf_counter()
        life = Life(session.id, create, ready - begin - create, tested - ready, gone - tested)
        pytestconfig.stash[life_key] = life


def _build(engine: engines.Engine) -> str:
    return images.build(engine, "container", lambda *_: None, root=paths.root()).id


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell the container's life, and write it down where that was asked for."""
    life = config.stash.get(life_key, None)
    if life:
        terminalreporter.write_line(testing.told(life))
        if testing.FILE in os.environ:
            Path(os.environ[testing.FILE]).write_text(json.dumps(asdict(life)), "utf-8")
