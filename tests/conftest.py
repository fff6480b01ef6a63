"""Plays what needs an engine in two halves, each with an engine and a state folder of its own."""

import os
from collections.abc import Iterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from deployment_drift import paths
from deployment_drift.engine import engines, private

SHIPPING = ("kubernetes", "registries", "release", "ship", "swarm")
EMULATION = ("architecture", "emulation")  # which change the kernel's one list: never side by side
HALF = (
    *("tests/cases/", "tests/faults/", "tests/fuzz/"),
    *(f"tests/demo/test_{name}.py" for name in (*EMULATION, *SHIPPING)),
)
"""What takes about as long as the rest of tests/demo, which is the other half."""
_SECOND = "second half"


class Halves(LoadScopeScheduling):
    """Gives each half to one worker, tests in their order."""

    def _split_scope(self, nodeid: str) -> str:
        return "half" if nodeid.startswith(HALF) else "demo"

    def schedule(self) -> None:
        """Give the half that is collected last to the worker with the user's own state folder.

        Most scenes are in it, and their images may be there.
        """
        by_id = sorted(self.assigned_work.items(), key=lambda each: each[0].gateway.id)[::-1]
        self.assigned_work = type(self.assigned_work)(by_id)
        super().schedule()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Halves | None:
    """Play in halves where `--dist loadscope` says so."""
    return Halves(config, log) if _in_halves(config) else None


def pytest_configure_node(node: WorkerController) -> None:
    """Have one engine up, with all that is installed for it, before the other one begins."""
    if _in_halves(node.config) and node.gateway.id == "gw1":
        engines.connect(print)
        node.workerinput[_SECOND] = True


def pytest_configure(config: pytest.Config) -> None:
    """Give the second worker a state folder of its own, so that its engine is another one.

    The name is short, since the path of a socket has to be.
    """
    if _is_second(config):
        os.environ["XDG_STATE_HOME"] = str(paths.state().with_name("drift-2"))


@pytest.fixture(scope="session", autouse=True)
def _nothing_runs_on(pytestconfig: pytest.Config) -> Iterator[None]:
    """Stop the second engine in the end: no command that a user types would know of it."""
    yield
    if _is_second(pytestconfig):
        private.stop()


def _in_halves(config: pytest.Config) -> bool:
    return str(config.getoption("dist")) == "loadscope"


def _is_second(config: pytest.Config) -> bool:
    return _SECOND in getattr(config, "workerinput", {})
