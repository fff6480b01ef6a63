"""Reads what `sh/_web_files.sh` prints: files with their lines, and what is said of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deployment_drift.errors import UnknownError

RELEASE = re.compile(r"(/releases?/)(?!\*)[^/\s;\"']+")


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
