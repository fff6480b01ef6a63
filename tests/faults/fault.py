"""A fault: how it is caused, what is typed then, and what has to come of it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the tables beside this file, in the words of docs/faults.md.

    what: the fault, in a few words. given: lines of sh that cause it. typed: what is typed then,
    a line of sh, too. Both run in a folder of their own, where `./invoke` is this checkout's, and
    `good.json` the snapshot of a host. status: how it ends. says: words of the sentence that is
    told; every sentence will do where there are none. left: what is there afterwards, and was not
    before. needs: `engine`, `root` or both.
    """

    table: str
    what: str
    typed: str
    status: int
    says: str = ""
    given: str = ""
    left: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    limit: int = 60

    def __str__(self) -> str:
        """Return what a test is called."""
        return f"{self.table}: {self.what}"


def faults() -> list[Fault]:
    """Return the rows of all tables."""
    return [fault for file in sorted(FOLDER.glob("*.toml")) for fault in read(file)]


def read(file: Path) -> list[Fault]:
    """Return the rows of one table."""
    rows = tomllib.loads(file.read_text("utf-8"))["fault"]
    return [Fault(file.stem, **{key: _plain(value) for key, value in row.items()}) for row in rows]


def _plain(value: Any) -> Any:  # noqa: ANN401 -- what TOML has
    return tuple(value) if isinstance(value, list) else value
