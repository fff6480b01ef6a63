"""The records that move through the project, and nothing that acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

JSON = str | int | float | bool | None | Sequence["JSON"] | Mapping[str, "JSON"]


class Status(StrEnum):
    """What became of one question to one host."""

    VALUE = "value"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Observation:
    """What one check saw on one host; `value` is None unless `status` is VALUE.

    For UNKNOWN, `reason` says in one sentence why the host could not be asked.
    """

    check: str
    host: str
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
