"""Rows on a screen: names are never broken, and nothing is wider than the screen."""

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from deployment_drift.report.layout import Layout, Line, Row
from deployment_drift.report.terminal import PLAIN

HEADS = ["Check", "local", "release", "Why it matters"]
SETTING = "PHP settings: php-fpm, pool www: session.gc_maxlifetime"
WHY = "a forgotten setting changes what the application may do."


def drawn(*rows: Row, width: int = 100) -> list[str]:
    """Return the lines of a table without its heads."""
    out = StringIO()
    Console(file=out, width=width, **PLAIN).print(Layout(HEADS, rows, ["local", "release"]))
    return out.getvalue().splitlines()[2:]


def row(name: str, local: str, release: str, why: str = WHY, at: str = "") -> Row:
    """Return a row of two answers; the second was set somewhere."""
    second = (Line(release), Line(at)) if at else (Line(release),)
    return Row(Line("✗"), name, ((Line(local),), second), (Line(why),))


def test_short_rows_stand_side_by_side() -> None:
    """Where every word has room, the answers stand in their columns, on the line of the name."""
    lines = drawn(row("PHP version", "8.4", "8.2", "it matters."))
    assert [line.split() for line in lines] == [
        ["✗", "PHP", "version", "8.4", "8.2", *["it", "matters."]]
    ]


def test_long_names_are_whole() -> None:
    """A name that no column could hold stands unbroken on a line with the mark."""
    first, local, release = drawn(row(SETTING, "128M", "32M"))
    assert first.startswith(f"✗  {SETTING} ")
    assert local.split()[:2] == ["local", "128M"]
    assert release.split()[:2] == ["release", "32M"]


def test_where_it_was_set_stands_below_the_value() -> None:
    """A path is shown whole, under the value that it has set."""
    path = "/etc/php/8.4/fpm/pool.d/www.conf:437"
    lines = drawn(row("memory_limit", "128M", "32M", at=path))
    place = next(n for n, line in enumerate(lines) if path in line)
    assert lines[place - 1].split()[:2] == ["release", "32M"]
    assert lines[place].index(path) == lines[place - 1].index("32M")


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize(
    "name", ["PHP", SETTING, "x" * 300, "日本語の設定は" * 9, f"設定は{SETTING}"]
)
def test_nothing_is_wider_than_the_screen(name: str, width: int) -> None:
    """Whatever a row says, its lines fit, and no character of it is lost."""
    lines = drawn(row(name, "a" * 200, "値" * 50), width=width)
    assert max(map(cell_len, lines)) <= width
    assert "".join("".join(lines).split()).count("a" * 20) >= 1
    assert sum(line.count("値") for line in lines) == 50
    assert sum(line.count("x") for line in lines) >= name.count("x")


def test_japanese_lines_begin_with_no_full_stop() -> None:
    """Wide text is broken anywhere but before the signs that end a clause."""
    lines = drawn(row("設定、" * 30, "1", "2", "大事です。" * 20))
    assert [line for line in lines if line.strip()[0] in "。、"] == []
