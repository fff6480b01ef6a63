"""What the page for the beamer shows of a scene that a test has really played."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployment_drift.events import Event
from deployment_drift.report.language import load
from deployment_drift.stage import film
from deployment_drift.stage.beamer import Beamer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Told = Mapping[str, Any]
SHOW = "told => { const now = beginning(); told.forEach((each) => hear(now, each)); render(now); }"


class Pictured:
    """A listener that keeps what pages are told."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._beamer = Beamer(self._keep, load("en"), film.Forward(), {})

    def __call__(self, event: Event) -> None:
        """Tell one event to pages."""
        self._beamer(event)

    def _keep(self, kind: str, content: Told) -> None:
        self.told.append({"kind": kind, **content})

    def page(self, browser: "Browser", folder: Path, last: Callable[[Told], bool]) -> "Page":
        """Open the page as it was when something was told the last time."""
        until = max(number for number, each in enumerate(self.told) if last(each)) + 1
        file = folder / "talk.html"
        file.write_text(film.page([]), "utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(file.as_uri())
        page.evaluate(SHOW, self.told[:until])
        return page


def done(step: str) -> Callable[[Told], bool]:
    """Return what is true of what a page is told when a step has ended."""
    return lambda told: (told["kind"], told.get("name")) == ("done", step)


def runs(program: str) -> Callable[[Told], bool]:
    """Return what is true of a picture in which a program runs."""
    return lambda told: (
        told["kind"] == "running"
        and any(
            name.startswith(program) for each in told["containers"] for name in each["programs"]
        )
    )
