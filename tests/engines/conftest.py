"""Each engine of the table in its turn, and the page that is made of what was played."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engines.foreign import Foreign, NotStartedError, load, recipes, running
from tests.engines.page import PAGE, Played, page


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the options with which the page is written, and building is saved."""
    parser.addoption("--write-engines", action="store_true", help="write docs/engines.md")
    parser.addoption("--images", type=Path, help="what docker save wrote: each engine loads it")


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest) -> Iterator[list[Played]]:
    """Give the list of what was played; in the end it is written down, if that is asked for."""
    rows: list[Played] = []
    yield rows
    if request.config.getoption("--write-engines"):
        before = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(rows, before), "utf-8")


@pytest.fixture(scope="module", params=enumerate(recipes(), 1), ids=lambda each: each[1].name)
def foreign(request: pytest.FixtureRequest, played: list[Played]) -> Iterator[Foreign]:
    """Give an engine of the table; where it does not start, the page says why."""
    number, recipe = request.param
    with ExitStack() as stack:
        try:
            engine = stack.enter_context(running(recipe, number))
        except NotStartedError as error:
            played.append(Played(recipe.name, f"does not start here: {error}", "", ""))
            raise
        if images := request.config.getoption("--images"):
            load(engine, images)
        yield engine
