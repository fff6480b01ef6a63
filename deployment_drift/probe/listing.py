"""Reads what `ls -ld` says: whose a file or folder is, and what its owner and others may do."""

from collections.abc import Sequence
from dataclasses import dataclass

EXECUTABLE = str.maketrans("st", "xx")  # set-id and sticky bits stand where `x` is


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of `ls -ld`; `target` is where a link leads, else ""."""

    mode: str
    owner: str
    group: str
    size: int
    path: str
    target: str = ""

    @property
    def access(self) -> str:
        """`www-data:www-data 755`."""
        return f"{self.owner}:{self.group} {_special(self.mode)}{_number(self.mode)}"

    def may(self, what: str, users: Sequence[Sequence[str]]) -> bool:
        """Whether all these users (a name, its groups) have `r`, `w` or `x`."""
        return all(what in self._bits(name, groups) for name, *groups in users)

    def _bits(self, name: str, groups: Sequence[str]) -> str:
        mode = self.mode.translate(EXECUTABLE)
        if name == self.owner:
            return mode[1:4]
        return mode[4:7] if self.group in (name, *groups) else mode[7:10]


def listed(text: str) -> list[Listed]:
    """Return what the lines of a text list; other lines are none of it."""
    rows = (line.split(None, 8) for line in text.split("\n") if line[:1] in ("d", "l", "-"))
    return [_row(words) for words in rows if len(words) == 9 and words[4].isdigit()]  # noqa: PLR2004 -- ls -l has nine columns


def _row(words: Sequence[str]) -> Listed:
    path, _, target = words[8].partition(" -> ")
    return Listed(words[0], words[2], words[3], int(words[4]), path, target)


def _special(mode: str) -> str:
    """Return the digit of set-id and sticky bits, as the 2 of 2775; "" for none."""
    digit = sum(bit for bit, at in ((4, 3), (2, 6), (1, 9)) if mode[at] in "sStT")
    return str(digit) if digit else ""


def _number(mode: str) -> str:
    triples = (mode[at : at + 3] for at in (1, 4, 7))
    return "".join(str(int("".join("01"[bit not in "-ST"] for bit in each), 2)) for each in triples)
