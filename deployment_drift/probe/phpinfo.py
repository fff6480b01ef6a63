"""Reads what one PHP says of itself: as JSON by `php/ask.php`, or as the text of `php-fpm -i`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deployment_drift.errors import UnknownError
from deployment_drift.probe.ini import Line, setting_lines
from deployment_drift.records import JSON

MARK = "@@facts@@"
ENTRIES = 100_000  # of its JSON; without a bound, few bytes would become much memory
LIBRARIES = {  # the words before " => "
    "ICU version": "ICU",
    "OpenSSL Library Version": "OpenSSL",
    "PCRE Library Version": "PCRE",
    "libXML Compiled Version": "libxml",
    "cURL Information": "cURL",
}
HEADING = 3  # words that the name of an extension has at most: "Zend OPcache", no sentence


@dataclass(frozen=True, slots=True)
class Said:
    """What one PHP is; `lines` are those of its ini files, in the order in which they count."""

    version: str
    interface: str
    values: Mapping[str, JSON]
    loaded: str | None = None
    scanned: tuple[str, ...] = ()
    extensions: Mapping[str, JSON] = field(default_factory=dict)
    libraries: Mapping[str, JSON] = field(default_factory=dict)
    charsets: Mapping[str, JSON] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def of_json(text: str) -> Said:
    """Read the answer of `php/ask.php`; whatever stands before its mark is noise."""
    _, found, answer = text.partition(MARK)
    if not found:
        last = text.strip().splitlines()[-1:]
        raise UnknownError(f"php did not answer: {' '.join(last)[:200]}".rstrip(": "))
    answer = answer.partition("\n")[0]
    if answer.count(",") > ENTRIES:
        raise UnknownError(f"php's answer has more than {ENTRIES:,} entries")
    try:
        return of_answer(json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnknownError(f"php's answer cannot be read: {error}") from error


def of_answer(answer: Mapping[str, Any]) -> Said:
    """Read one object with `facts` and `lines`; the rest of it is kept as `more`."""
    facts = answer["facts"]
    lines = (Line(f"{file}:{number}", name, value) for file, number, name, value in answer["lines"])
    return Said(
        facts["version"],
        facts["sapi"],
        facts["settings"],
        facts["files"]["loaded"] or None,
        tuple(facts["files"]["scanned"]),
        {name: version or "" for name, version in facts["extensions"].items()},
        facts["libraries"],
        facts.get("charsets", {}),
        tuple(lines),
        {**answer, **facts},
    )


def of_info(text: str) -> Said:
    """Read the text of `-i`, and the lines of ini files behind it."""
    info, _, lines = text.partition("\n@@ lines\n")
    general, _, modules = info.partition("\nConfiguration\n")
    known = dict(_pairs(general))
    if "PHP Version" not in known:
        raise UnknownError("php-fpm -i gave no version")
    loaded = known.get("Loaded Configuration File", "(none)")
    return Said(
        known["PHP Version"],
        "fpm-fcgi",
        dict(_settings(modules)),
        None if loaded == "(none)" else loaded,
        tuple(_scanned(general)),
        dict(_extensions(modules)),
        _libraries(modules),
        {},
        tuple(setting_lines(lines)),
        known,
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, arrow, value = line.partition(" => ")
        if arrow:
            yield name, value


def _scanned(general: str) -> list[str]:
    _, _, listed = general.partition("\nAdditional .ini files parsed => ")
    files = listed.partition("\n\n")[0].replace("\n", "").split(",")
    return [file for file in files if file.startswith("/")]


def _settings(modules: str) -> Iterator[tuple[str, JSON]]:
    for block in re.split(r"\n\s*\n", modules):
        heading, _, rows = block.partition("\n")
        if heading == "Directive => Local Value => Master Value":
            for row in rows.splitlines():
                name, *values = row.split(" => ")
                yield name, _value(" => ".join(values[: max(1, len(values) // 2)]))


def _value(shown: str) -> str:
    return {"no value": "", "On": "1", "Off": "0"}.get(shown, shown)


def _extensions(modules: str) -> Iterator[tuple[str, str]]:
    name = ""
    for block in re.split(r"\n\s*\n", modules):
        lone = block.strip()
        if (
            lone
            and "\n" not in lone
            and not re.search("=>|<", lone)
            and len(lone.split()) <= HEADING
        ):
            name = lone
            yield name, ""
        elif name and (
            version := re.search(rf"(?mi)^(?:{re.escape(name)} )?version => (\S+)$", block)
        ):
            yield name, version[1]


def _libraries(modules: str) -> dict[str, str]:
    known = dict(_pairs(modules))
    found = {name: known[words] for words, name in LIBRARIES.items() if words in known}
    iconv = (known.get("iconv implementation"), known.get("iconv library version"))
    return {**found, "iconv": " ".join(filter(None, iconv))} if all(iconv) else found
