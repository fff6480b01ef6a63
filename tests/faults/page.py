"""The page of the documentation that has every fault, made from a run."""

from collections.abc import Iterable
from itertools import groupby

from deployment_drift import paths
from tests.faults.fault import Fault, faults
from tests.faults.play import Ended

PAGE = paths.root() / "docs" / "faults.md"
HEAD = """\
# Faults

What goes wrong on users' machines, on their servers and under their fingers, and what comes of it.
`./invoke dev.faults` plays every row and writes this page; the rows are in `tests/faults`. Status 0
is as claimed, 1 a drift, 2 a question that has no answer, 130 Ctrl-C. What is left is looked for
among files, processes, mounts and, where there is an engine, containers, networks, volumes and
firewall rules.
"""
COLUMNS = ("what", "typed", "status", "what is told", "left")


def page(played: Iterable[tuple[Fault, Ended]], before: str) -> str:
    """Return the page: a table for each file of faults, a line for each fault.

    before: the page as it was, for what was not played this time.
    """
    told = {row[0]: row for row in lines(before)}
    told |= {fault.what: cells(fault, ended) for fault, ended in played}
    text = HEAD
    for table, rows in groupby(faults(), lambda fault: fault.table):
        known = [told[fault.what] for fault in rows if fault.what in told]
        text += f"\n## {table.capitalize()}\n\n"
        text += "".join(map(line, [COLUMNS, ["---"] * len(COLUMNS), *known]))
    return text


def cells(fault: Fault, ended: Ended) -> list[str]:
    """Return what stands in a fault's line."""
    typed = " ".join(fault.typed.split())
    left = ", ".join(ended.left) or "nothing"
    return [fault.what, f"`{typed}`", str(ended.status), ended.sentence, left]


def lines(text: str) -> list[list[str]]:
    """Return the cells of the page's lines, without the heads of its tables."""
    rows = [row.strip("| ").replace(r"\|", "\0") for row in text.splitlines() if row[:1] == "|"]
    split = [[cell.strip().replace("\0", "|") for cell in row.split(" | ")] for row in rows]
    return [row for row in split if row != list(COLUMNS) and set(row) != {"---"}]


def line(texts: Iterable[str]) -> str:
    """Return a line of a table in Markdown."""
    escaped = [text.replace("|", r"\|") for text in texts]
    return f"| {' | '.join(escaped)} |\n"
