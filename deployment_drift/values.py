"""How what came from a host is written: for people on one line, for programs as JSON, harmless."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from operator import is_
from typing import Any, TypeVar

from deployment_drift.records import JSON, Observation, Status

Record = TypeVar("Record")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+(?=>)")
_LOGIN = re.compile(r"([\w.-]+):(?!//)\S*@(?!sha256:)")
_STRANGE = re.compile(r"[^ -~\n]")


def nameless(text: str) -> str:
    """Return what Python says of an object without its address, which tells nobody anything."""
    return _ADDRESS.sub("", text)


def passwordless(text: str) -> str:
    """Return a text without the password of each `user:password@` in it; a digest's @ stays."""
    return _LOGIN.sub(r"\1:…@", text)


def harmless(text: str) -> str:
    """Return `text` with all that cannot be printed spelt out.

    That is line ends, escape sequences, marks that turn the direction of writing, and halves of
    characters.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def sanitized(record: Record) -> Record:
    """Return a record, or plain data, as people may read it: every string in it is harmless.

    This is the border of what is reported: each output for people is made of sanitized records.
    """
    return _sanitized(record, {})


def _sanitized(record: Record, seen: dict[int, Observation]) -> Record:
    """Sanitize a record; `seen` has the observations that a thousand hosts share."""
    made: Any = record
    if isinstance(record, str):
        made = harmless(record)
    elif isinstance(record, (dict, Mapping)):  # the second takes longer to ask
        made = {_sanitized(name, seen): _sanitized(value, seen) for name, value in record.items()}
        made = record if _untouched([*record, *record.values()], [*made, *made.values()]) else made
    elif isinstance(record, list | tuple):
        made = type(record)(_sanitized(value, seen) for value in record)
        made = record if _untouched(record, made) else made
    elif isinstance(record, Observation):
        if id(record) not in seen:
            value, reason = _harmless(record.value), harmless(record.reason)
            untouched = _untouched((record.value, record.reason), (value, reason))
            seen[id(record)] = record if untouched else Observation(record.status, value, reason)
        made = seen[id(record)]
    elif is_dataclass(record) and not isinstance(record, type):
        made = _sanitized_anew(record, seen)
    return made  # type: ignore[no-any-return]


def _sanitized_anew(record: Any, seen: dict[int, Observation]) -> Any:  # noqa: ANN401 -- any record
    before = {f.name: getattr(record, f.name) for f in fields(record)}
    after = {name: _sanitized(value, seen) for name, value in before.items()}
    return record if _untouched(before.values(), after.values()) else replace(record, **after)


def _harmless(value: JSON) -> JSON:
    """Return plain data with every text harmless; a whole inventory is seen at one glance."""
    if isinstance(value, str):
        return harmless(value)
    if not _is_strange(value):
        return value
    if isinstance(value, Mapping):
        return {harmless(name): _harmless(each) for name, each in value.items()}
    return [_harmless(each) for each in value] if isinstance(value, (list, tuple)) else value


def _is_strange(value: JSON) -> bool:
    """Whether anything in plain data is spelt out where Python writes it, besides quotes."""
    written = repr(value)
    return "\\" in written and "\\" in written.replace("\\\\", "").replace("\\'", "")


def _untouched(before: Iterable[object], after: Iterable[object]) -> bool:
    """Whether nothing had to be spelt out: then the record itself is returned, and not a copy."""
    return all(map(is_, before, after))


def as_json(content: object, indent: int | None = None) -> str:
    """Return JSON text that loses nothing, and in which what cannot be printed is escaped."""
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    return _STRANGE.sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def plain(value: JSON) -> str:
    """Return a value as text: strings as they are, everything else as JSON writes it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return harmless(text) or '""'


def shown(seen: Observation) -> str:
    """Return what a host answered, or that it is absent, or that it could not be asked."""
    if seen.status is Status.VALUE:
        return plain(seen.value)
    return seen.status.value if seen.status is Status.ABSENT else f"unknown ({seen.reason})"
