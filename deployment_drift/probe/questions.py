"""What a check asks of PHP and of the shop, as constants of its own module; a project's pages.

`ROUNDING = Expression("round(45 * 0.7)")` is asked as `host.php.evaluate(ROUNDING)`. The constants
of all modules are found beforehand, so that one round trip asks them all.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from secrets import token_hex
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from deployment_drift.records import JSON
from deployment_drift.waiting import PATIENCE

FIELD, GROUP = "\x1f", "\x1e"  # between the fields of a line, and between groups of a pattern
ITSELF = ("127.0.0.1", "localhost", "::1")
MOST_GROUPS = 8  # sed counts to nine, and the first is the whole
TOKEN = re.compile(r"\\.|\[\^?]?(?:\[:\w+:]|\\.|[^]\\])*]|.", re.DOTALL)
FOREIGN = re.compile(r"\(\?|[*+?}][?+]|[^ -~]")
"""What Python's patterns have and `grep -E` has not, or understands in another way."""
CLASSES = {"d": "0-9", "w": "[:alnum:]_", "s": "[:space:]"}


@dataclass(frozen=True)
class WebPage:
    r"""One page; it is asked by GET, and no redirect is followed.

    `path` is `/health`, or an address as `https://shop.example/health`: its name is that of a
    virtual host, as `host` is, for the request always goes to the host itself. `headers` are the
    names of those that are compared, in small letters. Of the body only what the pattern `body`
    matches is looked at: its groups where it has some. `expect` is what every host has to answer,
    by the names `status`, `body` and those of headers.
    """

    path: str
    host: str = ""
    headers: tuple[str, ...] = ()
    body: str = ""
    expect: tuple[tuple[str, JSON], ...] = ()

    @cached_property
    def label(self) -> str:
        """What people call it: `/health`, `shop.example/health`."""
        if self.path.startswith("/"):
            return self.host + self.path
        return f"{self.path} ({self.host})" if self.host else self.path

    @cached_property
    def slug(self) -> str:
        """What its check is called by: `shop_example_health`."""
        name = self.label.partition("://")[2] or self.label
        return re.sub(r"\W+", "_", name).strip("_") or "root"

    @cached_property
    def section(self) -> str:
        """The section of its answer: another one when something else is asked of the page."""
        more = f"{self.headers} {self.body}" if self.headers or self.body else ""
        return f"page {self.label}" + (f" {sha256(more.encode()).hexdigest()[:6]}" if more else "")

    @cached_property
    def expected(self) -> dict[str, JSON]:
        """What it has to answer by name; None for a pattern that only has to match."""
        return {**({"body": None} if self.body else {}), **dict(self.expect)}

    @cached_property
    def line(self) -> str:
        """Its line for the program: section, scheme, address, port, host, path and what is told."""
        url = urlsplit(self.path)
        name = url.hostname or ""
        address, host = ("127.0.0.1", self.host) if name in ITSELF else ("", self.host or name)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        where = (url.scheme, address, str(url.port or ""), host.lower(), path)
        told = GROUP.join(f"\\{number + 2}" for number in range(groups(self.body))) or r"\1"
        return FIELD.join((self.section, *where, ",".join(self.headers), extended(self.body), told))


def extended(pattern: str) -> str:
    r"""Return a pattern as `grep -E` and `sed -E` read it everywhere; ValueError if they cannot.

    Beside what POSIX knows there are `\d`, `\w` and `\s`.
    """
    if foreign := FOREIGN.search(pattern):
        raise ValueError(f"{foreign[0]!r} is not in POSIX extended regular expressions")
    with warnings.catch_warnings(action="ignore"):  # of what brackets may mean to Python one day
        re.compile(re.sub(r"\[:\w+:]", "a", pattern))
    if groups(pattern) > MOST_GROUPS:
        raise ValueError(f"it has more than {MOST_GROUPS} groups")
    return "".join(map(_token, TOKEN.findall(pattern)))


def groups(pattern: str) -> int:
    """Return how many groups a pattern has."""
    return TOKEN.findall(pattern).count("(")


def _token(token: str) -> str:
    if token.startswith("["):
        return re.sub(r"\\(.)", lambda found: _class(found[1], inside=True), token)
    return _class(token[1], inside=False) if token.startswith("\\") else token


def _class(letter: str, *, inside: bool) -> str:
    r"""Return `[0-9]` for the `d` of `\d`; a sign is taken by the letter."""
    if letter in CLASSES:
        return CLASSES[letter] if inside else f"[{CLASSES[letter]}]"
    if letter.isalnum() or (inside and letter in "]^-"):
        raise ValueError(f"\\{letter} is not in POSIX extended regular expressions")
    return letter if inside else f"\\{letter}"


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of PHP, evaluated on the command line; an error is its class's name."""

    code: str


@dataclass(frozen=True, slots=True)
class Page:
    """A request to the shop of a host; `body` is a form or, as `5 MB`, a photo of that size."""

    path: str
    method: str = "GET"
    body: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """All that is asked of every host of a comparison.

    `folders` are applications that were named, `web_pages` those of a project. `secret` keys the
    digests that stand for secrets: with the same one, equal secrets on two hosts have equal
    digests. `patience` is how many seconds a host may take until it answers, and for one program.
    """

    expressions: tuple[Expression, ...] = ()
    pages: tuple[Page, ...] = ()
    folders: tuple[str, ...] = ()
    web_pages: tuple[WebPage, ...] = ()
    patience: float = PATIENCE
    secret: str = field(default_factory=token_hex)
    secrets: tuple[str, ...] = ()
    """Further names of secrets, expressions as in `sh/_secrets.sh`."""


def gather(modules: Iterable[ModuleType], **others: Any) -> Questions:  # noqa: ANN401
    """Return what the constants of these modules ask for, each once; `others` are as they are."""
    constants = [value for module in modules for value in vars(module).values()]
    expressions = dict.fromkeys(each for each in constants if isinstance(each, Expression))
    pages = dict.fromkeys(each for each in constants if isinstance(each, Page))
    return Questions(tuple(expressions), tuple(pages), **others)
