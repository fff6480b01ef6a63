"""Rows on a screen: names are never broken, and nothing is wider than the screen."""

import re
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from deployment_drift.report import layout
from deployment_drift.report.language import load
from deployment_drift.report.layout import Layout, Line, Prose, Row
from deployment_drift.report.terminal import PLAIN

UNFIT = re.compile(
    r"[ぁぃぅぇぉっゃゅょァィゥェォッャュョー、。」\uff09\uff1f]|[はがをにでともへのか](?![ぁ-ん])"
)
"""What no line begins with; a letter of a particle that others follow is a word's."""
HEADS = ["Check", "local", "release", "Why it matters"]
SETTING = "PHP settings: php-fpm, pool www: session.gc_maxlifetime"
WHY = "a forgotten setting changes what the application may do."


def drawn(*rows: Row, width: int = 100) -> list[str]:
    """Return the lines of a table without its heads."""
    out = StringIO()
    Console(file=out, width=width, **PLAIN).print(Layout(HEADS, rows, ["local", "release"]))
    return out.getvalue().splitlines()[2:]


def row(name: str, local: str, release: str, why: str = WHY, at: tuple[str, ...] = ()) -> Row:
    """Return a row of two answers, and where they were set."""
    cells = ((Line(local),), (Line(release),))
    return Row(Line("✗"), name, cells, (Line(why),), places=at)


def test_short_rows_stand_side_by_side() -> None:
    """Where every word has room, the answers stand in their columns, on the line of the name."""
    lines = drawn(row("PHP version", "8.4", "8.2", "it matters."))
    assert [line.split() for line in lines] == [
        ["✗", "PHP", "version", "8.4", "8.2", *["it", "matters."]]
    ]


def test_long_names_are_whole() -> None:
    """A name that no column could hold stands unbroken above the answers in their columns."""
    first, answers = drawn(row(SETTING, "128M", "32M"))
    assert first.startswith(f"✗  {SETTING} ")
    assert answers.split()[:2] == ["128M", "32M"]


def test_names_are_broken_where_a_part_of_them_ends() -> None:
    """Where that is enough, a name takes two lines of its column, and the answers stand beside."""
    first, second = drawn(row("Longest request: max_execution_time", "120", "30"))
    assert first.split()[:5] == ["✗", "Longest", "request:", "120", "30"]
    assert second.split()[0] == "max_execution_time"


def test_a_part_with_a_blank_is_whole() -> None:
    """A directive of two words stands on one line, so that it can be found and copied."""
    name = "Changed configuration: /etc/haproxy/haproxy.cfg: defaults of it: timeout server"
    for answers in (("30s", "50s"), ("/a/long/answer" * 4, "50s")):
        lines = drawn(row(name, *answers))
        assert any("defaults of it: timeout server" in line for line in lines)


def test_answers_that_no_column_holds_are_stacked() -> None:
    """A long answer stands whole, behind the host that gave it."""
    long = "/srv/shop/releases/2026-01-01/public/index.php"
    first, local, release = drawn(row("root", long, "/srv"))
    assert first.split()[:2] == ["✗", "root"]
    assert local.split()[:2] == ["local", long]
    assert release.split()[:2] == ["release", "/srv"]


def test_where_it_was_set_stands_below_the_answers() -> None:
    """Places stand whole, on one line where they have room and else on a line each."""
    here, there = "/etc/php/8.4/fpm/conf.d/99-shop.ini:7", "/etc/php/8.2/fpm/conf.d/99-shop.ini:7"
    assert drawn(row("memory_limit", "1", "2", at=(here,)))[1].split()[0] == here
    both = drawn(row("memory_limit", "1", "2", at=(here, there)))
    assert both[-1].strip() == f"{here}  |  {there}"
    narrow = drawn(row("memory_limit", "1", "2", at=(here, there)), width=80)
    assert [line.split()[0] for line in narrow[1:3]] == [here, there]


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


def test_japanese_lines_begin_with_words() -> None:
    """Neither a reason in a table nor a longer text has a line that begins with a word's rest."""
    said = load("ja").sentences
    whys = [text for name, text in said.items() if name.endswith(".why")]
    laid = [line[67:] for why in whys for line in drawn(row("設定", "1", "2", why))[1:]]
    texts = [text for name, text in said.items() if re.match(r"summaries\.|.*note", name)]
    screen = Console(width=57)
    laid += [line.plain for text in texts for line in Prose(text).wrap(screen, 57)[1:]]
    assert len(laid) > 100
    assert [line for line in laid if UNFIT.match(line)] == []


@pytest.mark.parametrize("text", ["日本語の設定は" * 9, f"値は{SETTING}、", "a  b\n\nc d", ""])
@pytest.mark.parametrize("width", [9, 20, 40])
def test_prose_is_whole(text: str, width: int) -> None:
    """No character of a text is lost but blanks at a line's end, and no line is too wide."""
    lines = [line.plain for line in Prose(text).wrap(Console(width=width), width)]
    assert max(map(cell_len, lines), default=0) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_column_without_room_is_drawn() -> None:
    """A window of one column shows what it can, and is no error."""
    assert "".join("".join(drawn(row("PHP", "8.2", "8.4"), width=1)).split())
    assert layout.wrapped("PHP", 0) == ["P", "H", "P"]


@pytest.mark.parametrize("text", ["a  b c", " lead, x\n y ", "", " ", "— café… ✗", "\t."])
def test_western_words_are_those_of_the_rule_for_japanese(text: str) -> None:
    """It is slow to compile, and left alone where nothing is Japanese."""
    assert re.findall(layout.JAPANESE_WORD, text) == layout.words(text)
