"""Each engine of the table in its turn, and the page that is made of what was played."""

from collections.abc import Iterator

import pytest

from tests.engines.foreign import Foreign, recipes, running
from tests.engines.page import PAGE, Played, page


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option with which the page is written."""
    parser.addoption("--write-engines", action="store_true", help="write docs/engines.md")


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest) -> Iterator[list[Played]]:
    """Give the list of what was played; in the end it is written down, if that is asked for."""
    rows: list[Played] = []
    yield rows
    if request.config.getoption("--write-engines"):
        before = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(rows, before), "utf-8")


@pytest.fixture(scope="module", params=enumerate(recipes(), 1), ids=lambda each: each[1].name)
def foreign(request: pytest.FixtureRequest) -> Iterator[Foreign]:
    """Give an engine of the table, with the bases that the machine's own has."""
    number, recipe = request.param
    with running(recipe, number) as engine:
        yield engine
