"""How long the fuzzers play, and what is said of it in the end."""

from collections.abc import Callable, Iterator
from itertools import chain, count
from time import monotonic
from typing import Any, Protocol, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

FEW = 40  # inputs of each fuzzer where no time is given
ROUND = 200  # inputs between two looks at the clock

TRIED = "inputs tried"


class Fuzz(Protocol):
    """Feeds inputs to what eats them; whatever it raises is a failure, shown by a small input."""

    def __call__(
        self, inputs: SearchStrategy[Any], eat: Callable[[Any], None], *, share: int = 1
    ) -> None:
        """Feed inputs; `share` is how many times fewer there are of what takes long."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option by which the fuzzers play on."""
    parser.addoption("--seconds", type=float, default=0.0, help="how long each fuzzer plays")


@pytest.fixture
def fuzz(request: pytest.FixtureRequest) -> Iterator[Fuzz]:
    """Feed a few inputs, always the same, or new ones as long as it was said."""
    seconds = request.config.getoption("--seconds")
    tried = count()

    def play(inputs: SearchStrategy[Any], eat: Callable[[Any], None], *, share: int = 1) -> None:
        @settings(
            max_examples=max(1, (ROUND if seconds else FEW) // share),
            derandomize=not seconds,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(inputs)
        def one(value: Any) -> None:  # noqa: ANN401 -- whatever is fed
            next(tried)
            eat(value)

        end = monotonic() + seconds
        one()
        while monotonic() < end:
            one()

    yield play
    request.node.user_properties.append((TRIED, next(tried)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many inputs were tried, and how many fuzzers found a fault."""
    ended = [
        each
        for each in chain.from_iterable(terminalreporter.stats.values())
        if isinstance(each, pytest.TestReport) and TRIED in dict(each.user_properties)
    ]
    tried = {
        e.nodeid.rpartition("::")[2]: cast("int", dict(e.user_properties)[TRIED]) for e in ended
    }
    for name, inputs in tried.items():
        terminalreporter.write_line(f"{inputs:9,} inputs  {name}")
    if tried:
        # how many were tried is known behind a test, whose failure is in another report
        failed = len({each.nodeid for each in terminalreporter.stats.get("failed", ())})
        terminalreporter.write_line(f"{sum(tried.values()):9,} inputs in all, {failed} failures")
