"""On which engines a computer can be emulated."""

import pytest

from deployment_drift.engine.engines import Engine
from deployment_drift.errors import HostError
from deployment_drift.targets import computers
from tests.fakes import VERSION, serve


@pytest.mark.parametrize(
    ("cpu", "memory", "said"),
    [
        ("arm64", 8, "emulated on x86-64 alone; this engine's machine is arm64"),
        ("amd64", 1, "takes 2048 MiB of memory; there are 1024"),
    ],
)
def test_machine_that_is_too_small_or_another(cpu: str, memory: int, said: str) -> None:
    """Before anything is built it is said what keeps the computer from being emulated."""
    with serve({"GET /version": VERSION, "GET /info": {"MemTotal": memory * 2**30}}) as address:
        engine = Engine(f"tcp://{address}", "DOCKER_HOST", architecture=cpu, api="1.41")
        with pytest.raises(HostError, match=said):
            computers.require(engine)


def test_machine_that_is_large_enough() -> None:
    """Nothing is said where there is enough of everything, or the engine does not tell."""
    for told in ({"MemTotal": 4 * 2**30}, {}):
        with serve({"GET /version": VERSION, "GET /info": told}) as address:
            computers.require(
                Engine(f"tcp://{address}", "DOCKER_HOST", architecture="amd64", api="1.41")
            )
