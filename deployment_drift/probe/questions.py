"""What a check asks of PHP and of the shop, as constants of its own module.

`ROUNDING = Expression("round(45 * 0.7)")` is asked as `host.php.evaluate(ROUNDING)`. The constants
of all modules are found beforehand, so that one round trip asks them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from secrets import token_hex
from types import ModuleType
from typing import Any

from deployment_drift.probe.pages import WebPage


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
    digests. `patience` is how many seconds one program on a host may take.
    """

    expressions: tuple[Expression, ...] = ()
    pages: tuple[Page, ...] = ()
    folders: tuple[str, ...] = ()
    web_pages: tuple[WebPage, ...] = ()
    patience: float = 10.0
    secret: str = field(default_factory=token_hex)
    secrets: tuple[str, ...] = ()
    """Further names of secrets, expressions as in `sh/_secrets.sh`."""


def gather(modules: Iterable[ModuleType], **others: Any) -> Questions:  # noqa: ANN401
    """Return what the constants of these modules ask for, each once; `others` are as they are."""
    constants = [value for module in modules for value in vars(module).values()]
    expressions = dict.fromkeys(each for each in constants if isinstance(each, Expression))
    pages = dict.fromkeys(each for each in constants if isinstance(each, Page))
    return Questions(tuple(expressions), tuple(pages), **others)
