"""The records that move through the project, and nothing that acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

JSON = str | int | float | bool | None | Sequence["JSON"] | Mapping[str, "JSON"]


class Status(StrEnum):
    """What became of one question to one host."""

    VALUE = "value"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Sentence(str):
    """A line that is said in the talk's language: `progress.NAME`, with places for the values.

    Whoever only prints lines, as a test does, reads the name and the values.
    """

    __slots__ = ("name", "values")
    name: str
    values: Mapping[str, object]

    def __new__(cls, name: str, **values: object) -> Self:
        """Make a sentence of its name and what is filled in."""
        made = super().__new__(cls, " ".join([name, *map(str, values.values())]))
        made.name, made.values = name, values
        return made


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen on one host; `value` is None unless `status` is VALUE.

    For UNKNOWN, `reason` says in one sentence why the host could not be asked.
    """

    status: Status
    value: JSON = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """A running environment: `address` is a testinfra host string, `image` an image id or "".

    `url` is where its web server answers on this machine, "" if it does not.
    """

    name: str
    address: str
    image: str = ""
    url: str = ""


class Verdict(StrEnum):
    """What a comparison, or a whole setup, comes to; the worst first."""

    UNKNOWN = "unknown"
    DRIFT = "drift"
    ALLOWED = "allowed"
    PARITY = "parity"
    NOT_APPLICABLE = "not applicable"  # absent on every host: neither drift nor parity
    REFUTED = "refuted"  # the last two are of scenes that make statements
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Check:
    """What is looked at: `name` finds it in a language file, `subject` is its file.

    `title` and `why` are English; `why` is one sentence on what a difference does to people.
    `entry` names the entry of a list that is the same fact, as `every_setting.memory_limit`.
    `test` and `case` are of a test that makes a check for each of several things, as `page` and
    `/health`.
    """

    name: str
    subject: str
    title: str
    why: str
    entry: str = ""
    test: str = ""
    case: str = ""

    @property
    def called(self) -> str:
        """Its title, with the case that it is about."""
        return f"{self.title} {self.case}".rstrip()


def item(value: JSON, at: str = "", *, own: bool = False) -> JSON:
    """Return a value of an inventory with where it was set, as `/etc/php.ini:12`.

    `own` says that somebody set it by hand: it is not as the package brought it.
    """
    return {"is": value, "at": at, "own": own}
