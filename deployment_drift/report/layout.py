"""Lays rows out in columns without ever breaking a name: what is too long gets lines of its own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.text import Text

_WIDE = r"\u2e80-\uffef"
_STOPS = r"\u3001\u3002\uff0c\uff0e\uff09\u300d\u300f\uff1a"
# a word with the gap behind it; wide characters are words each, with the stops that follow them
_WORD = re.compile(rf"[{_WIDE}][{_STOPS}]*|[^\s{_WIDE}]+\s*|\s+")
MARK = 3  # columns for the mark of a row
GAP = 2  # columns between two columns
TALLEST = 2  # lines of a name in its column
INDENT = 2  # of what stands below a name
SHARES = {2: (5, 4, 4, 7), 1: (5, 8, 7)}  # of the width, by how many columns have answers


@dataclass(frozen=True, slots=True)
class Line:
    """Text in one style."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its mark, a name, the answers' cells, why it matters, and what is below all that."""

    mark: Line
    name: str
    cells: tuple[tuple[Line, ...], ...]
    why: tuple[Line, ...]
    below: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A table of rows that fits the width of the screen, whatever the rows say."""

    heads: Sequence[str]
    rows: Sequence[Row]
    labels: Sequence[str] = field(default=())

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Draw heads, a line, and each row."""
        widths = columns(options.max_width, len(self.heads) - 2)
        lines = ((Line(head, "bold"),) for head in self.heads)
        yield from _beside(lines, widths)
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
    """Yield a row's lines: side by side where all has room, else the answers stacked."""
    name = (Line(row.name, "bold"),)
    blocks = [name, *row.cells]
    room = all(fits(line.text, w) for b, w in zip(blocks, widths, strict=False) for line in b)
    if room and len(wrapped(row.name, widths[0])) <= TALLEST:
        lines = _beside([*blocks, row.why], widths)
    else:
        left = sum(widths[:-1]) + GAP * (len(widths) - 2)
        block = (*name, *stacked(row.cells, labels))
        lines = _beside([block, row.why], [left, widths[-1]])
    first = next(lines)
    yield Text.assemble((set_cell_size(row.mark.text, MARK), row.mark.style), first[MARK:])
    yield from lines
    yield from _beside([row.below], [sum(widths)]) if row.below else ()


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
    return all(cell_len(word.rstrip()) <= width for word in _WORD.findall(text))


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
    for word in _WORD.findall(text):
        yield from chop_cells(word, width) if cell_len(word.rstrip()) > width else (word,)


def _beside(blocks: Iterable[Sequence[Line]], widths: Sequence[int]) -> Iterator[Text]:
    """Yield the lines of blocks that stand side by side, each wrapped in its width."""
    pairs = zip(blocks, widths, strict=True)
    laid = [[Line(t, b.style) for b in block for t in wrapped(b.text, w)] for block, w in pairs]
    nothing = Line("")
    for lines in zip_longest(*laid, fillvalue=nothing):
        text = Text(" " * MARK, no_wrap=True, overflow="ignore")
        for line, width in zip(lines, widths, strict=True):
            text.append(set_cell_size(line.text, width), line.style or "none")  # a span of its own
            text.append(" " * GAP)
        text.rstrip()
        yield text
