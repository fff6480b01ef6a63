"""Each engine of the table in its turn, and the page that is made of what was played."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engines.foreign import Foreign, NotStartedError, load, recipes, running
from tests.engines.page import PAGE, Played, done, page

Note = Callable[[Played], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the options with which the page is written, and building is saved."""
    parser.addoption("--write-engines", action="store_true", help="write docs/engines.md")
    parser.addoption("--go-on", action="store_true", help="leave out what the page has")
    parser.addoption("--images", type=Path, help="what docker save wrote: each engine loads it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was played already, if only the rest is asked for."""
    known = done(_before()) if config.getoption("--go-on") else set()
    left = [item for item in items if _cell(item) in known]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _cell(item: pytest.Item) -> tuple[str, str]:
    """Return the engine and the command that a test plays, as the page names them."""
    spec = getattr(item, "callspec", None)
    if not spec or "foreign" not in spec.params:
        return "", ""
    _, recipe = spec.params["foreign"]
    scene = spec.params.get("name")
    name = item.name.partition("[")[0].removeprefix("test_")
    return recipe.name, f"demo-{scene}" if scene else name


@pytest.fixture(scope="session")
def note(request: pytest.FixtureRequest) -> Note:
    """Give what notes that something was played: it is written at once, if that is asked for."""

    def noted(each: Played) -> None:
        if request.config.getoption("--write-engines"):
            go_on = request.config.getoption("--go-on")
            PAGE.write_text(page([each], _before(), go_on=go_on), "utf-8")

    return noted


def _before() -> str:
    return PAGE.read_text("utf-8") if PAGE.exists() else ""


@pytest.fixture(scope="module", params=enumerate(recipes(), 1), ids=lambda each: each[1].name)
def foreign(request: pytest.FixtureRequest, note: Note) -> Iterator[Foreign]:
    """Give an engine of the table; where it does not start, the page says why."""
    number, recipe = request.param
    with ExitStack() as stack:
        try:
            engine = stack.enter_context(running(recipe, number))
        except NotStartedError as error:
            note(Played(recipe.name, f"does not start here: {error}", "", ""))
            raise
        if images := request.config.getoption("--images"):
            load(engine, images)
        yield engine
