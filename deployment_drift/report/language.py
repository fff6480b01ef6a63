"""What is said to the audience, by language: one TOML file each in `report/lang/`."""

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from deployment_drift.compare.comparison import Check
from deployment_drift.errors import DriftError

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True)
class Language:
    """One language's sentences by their dotted names."""

    code: str
    sentences: dict[str, str]

    def say(self, name: str, **values: object) -> str:
        """Return a sentence with its `{places}` filled in."""
        return self.sentences[name].format(**values)

    def has(self, name: str) -> bool:
        """Whether there is such a sentence."""
        return name in self.sentences

    def title(self, check: Check) -> str:
        """Return a check's title; a check without a translation speaks English."""
        return self.sentences.get(f"checks.{check.name}.title", check.title)

    def why(self, check: Check) -> str:
        """Return why a check matters; a check without a translation speaks English."""
        return self.sentences.get(f"checks.{check.name}.why", check.why)

    @property
    def subjects(self) -> list[str]:
        """The subjects of the checks, the one that hurts customers most first."""
        return [name.split(".")[1] for name in self.sentences if name.startswith("subjects.")]


def speak(code: str = "") -> Language:
    """Return the language with this code, or the one of the user's locale.

    Raises DriftError when nobody has translated into it.
    """
    chosen = code or locale_language()
    if chosen not in LANGUAGES:
        raise DriftError(
            f"--lang {chosen}: no such language here",
            hint=f"--lang {' or --lang '.join(LANGUAGES)}",
        )
    return load(chosen)


def locale_language() -> str:
    """Return `ja` for a Japanese locale, `en` for every other one."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "ja" if locale.startswith("ja") else "en"


@cache
def load(code: str) -> Language:
    """Read a language's file."""
    text = files("deployment_drift.report").joinpath("lang", f"{code}.toml").read_text("utf-8")
    return Language(code, dict(flatten(tomllib.loads(text))))


def flatten(table: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return the sentences of nested tables as pairs of dotted name and text."""
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        inside = flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else None
        pairs += [(f"{prefix}{name}", value)] if inside is None else inside
    return pairs
