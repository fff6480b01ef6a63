"""The page of the documentation that says which engine played what, made from a run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from deployment_drift import paths
from tests.engines.foreign import recipes
from tests.faults.page import line, lines

PAGE = paths.root() / "docs" / "engines.md"
SCENES = ("drift", "container", "ship", "startup", "mail", "limits")
STEPS = (*(f"demo-{name}" for name in SCENES), "compare", "clean")
YES, FAILS = "yes", "fails"
HEAD = """\
# Engines

The engines on which the scenes were played. `./invoke dev.engines` bootstraps each beside the
machine's own and writes this page; it needs root on a Debian or Ubuntu machine, and hours. With
`--images` it loads what `docker save` has written: an engine that gives images the same ids does
not build them again, and the column says how many those were on the last day. *Yes* is a scene that
has shown all that it claims, and a `clean` that has left nothing; where a scene cannot be played,
its sentence stands here; what is empty has not been played on these days. A cell is written as soon
as it has been played, and `--go-on` plays what is left, be it on a later day, and again what says
*yes* without its seconds: that was played before they were noted. The seconds are those of the
whole command, in which the first one builds what is not loaded; they say more of the machine, which
does other things as well, than of the engine. Besides, every change is played on the engine of the
machine that tests it.
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What one engine made of one command: a row's cell. No command: it did not even start.

    images: how many images of ours it has loaded, and how many it has built.
    seconds: what that took.
    """

    engine: str
    version: str
    step: str
    came_to: str
    images: str = ""
    seconds: float | None = None

    @property
    def cell(self) -> str:
        """Return what stands in the page."""
        timed = self.seconds is not None and self.came_to == YES
        return f"{self.came_to}, {self.seconds:.0f} s" if timed else self.came_to


def page(played: Iterable[Played], before: str, *, go_on: bool = False) -> str:
    """Return the page: a line for each engine, a column for each command.

    before: the page as it was, for engines that were not played this time, and for what has been
        played on the others on the same day.
    go_on: what has been played on other days stays, too.
    """
    rows = {row[0]: row for row in lines(before)}
    for engine in {each.engine for each in played}:
        now = [each for each in played if each.engine == engine]
        rows[engine] = _row(engine, now, rows.get(engine, []), go_on=go_on)
    known = [rows[recipe.name] for recipe in recipes() if recipe.name in rows]
    head = ["engine", "says it is", "images", *STEPS, "played on"]
    return f"{HEAD}\n" + "".join(map(line, [head, ["---"] * len(head), *known]))


def done(text: str) -> set[tuple[str, str]]:
    """Return the cells of a page that need not be played again: engines and commands."""
    found = set()
    for engine, _, _, *cells, _ in lines(text)[1:]:
        good = {(engine, step) for step, cell in zip(STEPS, cells, strict=True) if _good(cell)}
        # what was cleaned before something else was played is not clean
        last = set() if len(good) == len(STEPS) else {(engine, STEPS[-1])}
        found |= good - last
    return found


def _good(cell: str) -> bool:
    return cell not in {"", YES} and not cell.startswith(FAILS)


def _row(engine: str, played: list[Played], before: list[str], *, go_on: bool) -> list[str]:
    today = datetime.now(UTC).date().isoformat()
    days = before[-1].split(", ") if before else []
    stays = go_on or days == [today]
    images, *kept = before[2:-1] if stays and before else [""]
    images = next((each.images for each in reversed(played) if each.images), images)
    cells = dict(zip(STEPS, kept, strict=False))
    cells[STEPS[-1]] = ""  # it was clean before this was played
    cells |= {each.step: each.cell for each in played}
    dates = ", ".join(sorted({today, *days})) if stays else today
    return [engine, played[0].version, images, *(cells.get(step, "") for step in STEPS), dates]
