"""Reads what the programs print: words and files line by line, and what `ls -ld` says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deployment_drift.errors import UnknownError

RELEASE = re.compile(r"(/releases?/)(?!\*)[^/\s;\"']+")
EXECUTABLE = str.maketrans("st", "xx")  # set-id and sticky bits stand where `x` is


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a configuration file."""

    file: str
    number: int
    text: str

    @property
    def at(self) -> str:
        """`/etc/nginx/nginx.conf:12`."""
        return f"{steady(self.file)}:{self.number}"


@dataclass(frozen=True, slots=True)
class Printed:
    """The lines of each file, and what was said beside them: `said["version"]`."""

    files: Mapping[str, Sequence[Line]]
    said: Mapping[str, Sequence[str]]

    def own(self, file: str) -> bool:
        """Whether a file is not just so as a package brought it."""
        return file not in self.said.get("stock", ())

    def one(self, word: str) -> str:
        """Return the first thing that was said with this word, or ""."""
        return next(iter(self.said.get(word, ())), "")


def printed(text: str) -> Printed:
    """Read the text of a section; UnknownError where a file could not be read on the host."""
    files: dict[str, list[Line]] = {}
    said: dict[str, list[str]] = {}
    file = ""
    for told in text.split("\n"):
        if not told.startswith("@@ "):
            _append(files, file, told)
            continue
        word, _, rest = told[3:].partition(" ")
        said.setdefault(word, []).append(rest)
        if word == "file":
            file = rest
            files[file] = []
    for path in said.get("refused", ()):
        raise UnknownError(f"{path} may not be read by this user")
    return Printed(files, said)


def _append(files: dict[str, list[Line]], file: str, told: str) -> None:
    number, tab, text = told.partition("\t")
    if not tab or not number.isdigit() or file not in files:
        return
    lines = files[file]
    if lines and lines[-1].number == int(number):
        lines[-1] = Line(file, int(number), lines[-1].text + text)
    else:
        lines.append(Line(file, int(number), text))


def steady(text: str) -> str:
    """Return a text with `*` for the names of release folders: each roll-out has its own."""
    return RELEASE.sub(r"\1*", text)


def meaningful(lines: Sequence[Line], comments: str = "#;") -> Iterator[Line]:
    """Give the lines that are neither blank nor a comment."""
    for line in lines:
        text = line.text.strip()
        if text and text[0] not in comments:
            yield Line(line.file, line.number, text)


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
        """`www-data:www-data 755`; an ACL goes beyond that."""
        told = f"{self.owner}:{self.group} {_special(self.mode)}{_number(self.mode)}"
        return f"{told} and an ACL" if self.mode.endswith("+") else told

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
