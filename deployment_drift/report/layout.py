"""Lays rows out in columns without ever breaking a name: what is too long gets lines of its own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.containers import Lines
from rich.text import Text

_WIDE = "\u2e80-\uffef"
_STOPS = r"\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f"
_OPENS, _CLOSES = r"\uff08\u300c\u300e", r"\uff09\u300d\u300f"
_HIRAGANA, _KATAKANA = r"\u3041-\u309f", r"\u30a1-\u30ff"
_KANJI = rf"(?:(?![{_STOPS}{_OPENS}{_CLOSES}{_HIRAGANA}{_KATAKANA}])[{_WIDE}])"
_POLITE = rf"[\u304a\u3054](?={_KANJI})"  # before a word, as in that for customers
# a word with the gap behind it; a Japanese one with the particles and stops that follow it
WORD = r"\S+\s*|\s+"
JAPANESE_WORD = (  # re compiles it when it is first needed: that takes as long as drawing a table
    rf"(?s)(?=.)[{_OPENS}]*(?:{_POLITE})?(?:[{_KATAKANA}]+|{_KANJI}+|[^\s{_WIDE}]+)?"
    rf"(?:(?!{_POLITE})[{_HIRAGANA}{_CLOSES}])*[{_STOPS}]*\s*"
)
_PART = re.compile(r".+?(?::\s+|\uff1a|$)")  # of a name: as far as a colon
BETWEEN = "  |  "  # two places
MARK = 3  # columns for the mark of a row
GAP = 2  # columns between two columns
TALLEST = 2  # lines of a name in its column
INDENT = 2  # of what stands below a name
SHARES = {2: (8, 5, 5, 9), 1: (8, 10, 9)}  # of the width, by how many columns have answers


class Prose(Text):
    """A text whose lines end between words, also in a language that puts no blanks there."""

    def wrap(self, console: Console, width: int, **how: Any) -> Lines:  # noqa: ANN401, ARG002 -- as Text has it
        """Return its lines, each of at most this width."""
        lines = Lines()
        for line in self.split(allow_blank=True):
            lines.extend(line.divide(_breaks(line.plain, width)))
        for line in lines:
            line.rstrip()
        return lines


@dataclass(frozen=True, slots=True)
class Line:
    """Text in one style."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its mark, a name, the answers' cells, why it matters, and what is below all that.

    `places` is where the answers were set.
    """

    mark: Line
    name: str
    cells: tuple[tuple[Line, ...], ...]
    why: tuple[Line, ...]
    below: tuple[Line, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A table of rows that fits the width of the screen, whatever the rows say."""

    heads: Sequence[str]
    rows: Sequence[Row]
    labels: Sequence[str] = field(default=())

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Draw heads, a line, and each row."""
        widths = columns(options.max_width, len(self.heads) - 2)
        heads = [_laid([Line(head, "bold")], w) for head, w in zip(self.heads, widths, strict=True)]
        yield from _marked(Line(""), _beside(heads, widths))
        yield Text("─" * options.max_width, "dim")
        for row in self.rows:
            yield from drawn(row, widths, self.labels)


def columns(width: int, answers: int) -> list[int]:
    """Return the widths of name, answers and why, for a screen of this width."""
    shares = SHARES[answers]
    room = width - MARK - GAP * (len(shares) - 1)
    widths = [room * share // sum(shares) for share in shares]
    return [*widths[:-1], room - sum(widths[:-1])]


def drawn(row: Row, widths: Sequence[int], labels: Sequence[str]) -> Iterator[Text]:
    """Yield a row's lines: the answers and what is below them, beside why it matters."""
    left = sum(widths[:-1]) + GAP * (len(widths) - 2)
    inside, after = _places(row.places, left, left + GAP + widths[-1])
    answers = [*_answers(row, widths, labels, left), *inside, *_laid(row.below, left)]
    why = _laid(row.why, widths[-1])
    yield from _marked(row.mark, [*_beside([answers, why], [left, widths[-1]]), *after])


def _answers(row: Row, widths: Sequence[int], labels: Sequence[str], left: int) -> list[Text]:
    """Return name and answers: side by side; a long name above them, long answers stacked."""
    title = named(row.name, widths[0])
    columns = [_laid(cell, w) for cell, w in zip(row.cells, widths[1:], strict=False)]
    if not all(
        _has_room(line.text, w) for c, w in zip(row.cells, widths[1:], strict=False) for line in c
    ):
        return _laid([*_whole(row.name, left), *stacked(row.cells, labels)], left)
    if len(title) <= TALLEST and all(cell_len(line) <= widths[0] for line in title):
        return list(_beside([[Text(line, "bold") for line in title], *columns], widths[:-1]))
    return [*_laid(_whole(row.name, left), left), *_beside([[], *columns], widths[:-1])]


def _whole(name: str, width: int) -> list[Line]:
    return [Line(line, "bold") for line in named(name, width)]


def _has_room(text: str, width: int) -> bool:
    return fits(text, width) and len(wrapped(text, width)) <= TALLEST


def named(name: str, width: int) -> list[str]:
    """Return a name in lines, broken where one of its parts ends if that is enough."""
    lines = [""]
    for part in _PART.findall(name):
        if cell_len(lines[-1] + part.rstrip()) <= width or not lines[-1]:
            lines[-1] += part
        else:
            lines.append(part)
    return [line.rstrip() for line in lines]


def _places(places: Sequence[str], left: int, all_of_it: int) -> tuple[list[Text], list[Text]]:
    """Return the lines of places below the answers, and below the row where only that has room."""
    one = BETWEEN.join(places)
    if cell_len(one) <= left or cell_len(one) > all_of_it:
        return _laid(
            [Line(p, "dim") for p in ([one] if cell_len(one) <= left else places) if p], left
        ), []
    return [], _laid([Line(one, "dim")], all_of_it)


def stacked(cells: Sequence[Sequence[Line]], labels: Sequence[str]) -> Iterator[Line]:
    """Yield each host's answer below the other's, behind the host's name."""
    room = max((cell_len(label) for label in labels), default=0)
    for label, cell in zip(labels or [""] * len(cells), cells, strict=True):
        head = " " * INDENT + (set_cell_size(label, room) + " " * GAP if labels else "")
        for line in cell:
            yield Line(f"{head}{line.text}", line.style)
            head = " " * cell_len(head)


def fits(text: str, width: int) -> bool:
    """Tell whether each word of a text has room in a column of this width."""
    return all(cell_len(word.rstrip()) <= width for word in words(text))


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most this width, broken between words where that is possible."""
    indent = min(cell_len(text) - cell_len(text.lstrip()) + INDENT, width // 2)
    lines = [""]
    for word in _pieces(text, width - indent):
        if cell_len(lines[-1] + word.rstrip()) > width and lines[-1].strip():
            lines.append(" " * indent if text[:1] == " " else "")
        lines[-1] += word if lines[-1].strip() or len(lines) == 1 else word.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield the words of a text, those that are wider than a whole line in parts."""
    for word in words(text):
        yield from chop_cells(word, max(width, 1)) if cell_len(word.rstrip()) > width else (word,)


def words(text: str) -> list[str]:
    """Return the words of a text, each with the gap behind it."""
    western = max(text, default="") < _WIDE[0]
    return re.findall(WORD if western else JAPANESE_WORD, text)


def _breaks(text: str, width: int) -> Iterator[int]:
    """Yield where the lines of a text begin, but for the first."""
    begin = place = 0
    for word in _pieces(text, width):
        if place > begin and cell_len(text[begin:place] + word.rstrip()) > width:
            yield place
            begin = place
        place += len(word)


def _laid(block: Iterable[Line], width: int) -> list[Text]:
    """Return the lines of a block, each wrapped in its width."""
    return [Text(t, line.style or "none") for line in block for t in wrapped(line.text, width)]


def _beside(blocks: Iterable[Sequence[Text]], widths: Sequence[int]) -> Iterator[Text]:
    """Yield the lines of blocks that stand side by side."""
    for lines in zip_longest(*blocks, fillvalue=Text()):
        row = Text(no_wrap=True, overflow="ignore")
        for line, width in zip(lines, widths, strict=True):
            row.append_text(line).append(" " * (width - line.cell_len + GAP))
        row.rstrip()
        yield row


def _marked(mark: Line, lines: Iterable[Text]) -> Iterator[Text]:
    """Yield the lines of a row behind its mark."""
    head = Text(set_cell_size(mark.text, MARK), mark.style)
    for line in lines:
        whole = Text(no_wrap=True, overflow="ignore").append_text(head).append_text(line)
        whole.rstrip()
        yield whole
        head = Text(" " * MARK)
