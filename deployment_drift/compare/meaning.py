"""Tells when two values mean the same, whatever they look like."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import TypeGuard

from deployment_drift.records import JSON, Check

OFF = frozenset({"", "0", "off", "no", "false", "none"})  # what PHP's ini files read as off
ON = frozenset({"1", "on", "yes", "true"})
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
ENCODED = json.JSONEncoder(sort_keys=True).encode  # json.dumps makes an encoder each time
PHP_FILES = "/etc/php"
SIZE = re.compile(r"(\d+)([kmg])", re.IGNORECASE)  # PHP reads 1GB as one byte


class Kind(StrEnum):
    """What a check's values are, which decides how they may be read."""

    SETTING = "setting"  # of PHP: on and off have several spellings, and sizes have units
    DIRECTIVE = "directive"  # of a web server: sizes have units
    PACKAGE = "package"  # names that carry a version of their own, as libicu76
    OTHER = "other"  # exactly what it says


SUBJECTS = {
    "settings": Kind.SETTING,
    "cli": Kind.SETTING,
    "webserver": Kind.DIRECTIVE,
    "packages": Kind.PACKAGE,
}


EXACT = {  # what is taken by the letter although others of its kind are not
    # unset is every error and 0 none; None is an answer to browsers and "" is none
    Kind.SETTING: re.compile(r"(?:.*\[)?(?:error_reporting|session\.cookie_samesite)\]?"),
    # a time: 1m is a minute and 1M a month
    Kind.DIRECTIVE: re.compile(r"expires|.*(?:time|timeout|interval|valid|age|delay)"),
}


def kind_of(check: Check) -> Kind:
    """Return the kind of a check's values: by its name, else by its subject."""
    name = check.entry or check.name
    if "setting" in name and "origin" not in name:
        return kind_in(check.entry.partition(".")[2], Kind.SETTING)
    if name.startswith("every_package"):
        return Kind.PACKAGE
    return SUBJECTS.get(check.subject, Kind.OTHER)


def kind_in(name: str, kind: Kind) -> Kind:
    """Return the kind of what has this name: lines of PHP's files mean what settings mean."""
    if name.startswith(PHP_FILES):
        return Kind.SETTING
    exact = EXACT.get(kind)
    return Kind.OTHER if exact and exact.fullmatch(name) else kind


def is_item(value: JSON) -> TypeGuard[Mapping[str, JSON]]:
    """Whether this is a value with where it was set, as `records.item` makes it.

    A file with a line that begins with `is` has an item under this name.
    """
    # most are texts, and whether something else is a mapping takes long to ask
    if isinstance(value, str) or not isinstance(value, (dict, Mapping)):
        return False
    return "is" in value and not isinstance(value["is"], (dict, Mapping))


def meaning(value: JSON, kind: Kind = Kind.OTHER) -> str:
    """Return a text that is the same for values that mean the same, and for no others.

    Only what an item *is* counts, not where it was set.
    """
    if isinstance(value, str):  # most are; nothing else begins with a quote
        return f'"{_text(value, kind)}"'
    return ENCODED(_plain(value, kind))


def _plain(value: JSON, kind: Kind) -> JSON:
    if isinstance(value, str):
        return _text(value, kind)
    if is_item(value):
        return _plain(value["is"], kind)
    if isinstance(value, (dict, Mapping)):
        return {name: _plain(each, kind_in(name, kind)) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, kind) for each in value]
    return _text(str(value), kind) if kind is Kind.SETTING else value


@cache
def _text(value: str, kind: Kind) -> str:
    """Return one spelling of a setting or of a size; any other text stays as it is."""
    if kind not in (Kind.SETTING, Kind.DIRECTIVE):
        return value
    if kind is Kind.SETTING and value.lower() in OFF:
        return ""
    if kind is Kind.SETTING and value.lower() in ON:
        return "1"
    size = SIZE.fullmatch(value)
    return str(int(size[1]) * UNITS[size[2].lower()]) if size else value


def stem(package: str) -> str:
    """Return a package's name without the versions in it: `libicu*` of `libicu76`."""
    return re.sub(r"\d[\d.]*(t64)?(?![a-z])|t64\b", "*", package)


class Home:
    """How paths of one host read without the version of its own PHP in them.

    `/etc/php/8.4/fpm` and `/etc/php/8.2/fpm` are the same place; `8.4.28` and `8.2.36`, or
    a second PHP beside the host's own, never are.
    """

    def __init__(self, version: str = "") -> None:
        self.version = version
        number, short = re.escape(version), version.replace(".", "")
        own = rf"(?<=/php/)(?:{number}|\d{{8}})|(?<=php)(?:-fpm|-cgi|-)?{number}|(?<=php){short}"
        self._own = re.compile(rf"(?:{own})(?![\d.]*\d)") if version else None

    def reads(self, text: str) -> str:
        """Return a path or a name with `*` for the host's own version."""
        return self._own.sub("*", text) if self._own and "php" in text else text

    def value(self, value: JSON) -> JSON:
        """Return a value in which every text reads so."""
        if isinstance(value, str):
            return self.reads(value)
        if isinstance(value, (dict, Mapping)):
            return {self.reads(name): self.value(each) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(each) for each in value]
        return value
