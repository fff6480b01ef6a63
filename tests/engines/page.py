"""The page of the documentation that says which engine played what, made from a run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from deployment_drift import paths
from tests.engines.foreign import recipes
from tests.faults.page import line, lines

PAGE = paths.root() / "docs" / "engines.md"
STEPS = ("demo-drift", "demo-container", "demo-mail", "demo-limits", "demo-startup", "clean")
HEAD = """\
# Engines

The engines on which the scenes were played, with the seconds that each took the first time: what is
built is built then. `./invoke dev.engines` bootstraps each engine beside the machine's own and
writes this page; it needs root on a Debian or Ubuntu machine, and an hour. What is empty has not
been played yet. Besides, every change is played on the engine of the machine that tests it.
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What one engine made of one command: a row's cell. No command: it did not even start."""

    engine: str
    version: str
    step: str
    seconds: float
    holds: bool


def page(played: Iterable[Played], before: str) -> str:
    """Return the page: a line for each engine, a column for each command.

    before: the page as it was, for engines that were not played this time, and for what has been
        played on the others on the same day.
    """
    rows = {row[0]: row for row in lines(before)}
    for engine in {each.engine for each in played}:
        now = [each for each in played if each.engine == engine]
        rows[engine] = _row(engine, now, rows.get(engine, []))
    known = [rows[recipe.name] for recipe in recipes() if recipe.name in rows]
    head = ["engine", "says it is", *STEPS, "played on"]
    return f"{HEAD}\n" + "".join(map(line, [head, ["---"] * len(head), *known]))


def _row(engine: str, played: list[Played], before: list[str]) -> list[str]:
    today = datetime.now(UTC).date().isoformat()
    kept = before[2:-1] if before[-1:] == [today] else []
    cells = dict(zip(STEPS, kept, strict=False))
    cells |= {each.step: f"{each.seconds:.0f} s" if each.holds else "fails" for each in played}
    return [engine, played[0].version, *(cells.get(step, "") for step in STEPS), today]
