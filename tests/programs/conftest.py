"""The shells in which programs for hosts are tried, and programs that are made up."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import installed
from tests.chromium import browser
from tests.unit.conftest import pytest_collection_finish, short_program

__all__ = [
    "browser",
    "pytest_collection_finish",
    "short_program",
]

SHELLS = ["dash", "bash", "busybox sh"]


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> list[str]:
    """Give every kind of sh that hosts have."""
    return installed.shell(str(request.param))


def fake(folder: Path, name: str, script: str) -> None:
    """Put a program into a folder."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture(scope="session")
def amazon() -> Iterator[str]:
    """Give the address, on loopback, of a server that answers as Amazon's API does."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").disabled = True
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
