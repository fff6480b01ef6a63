"""What is said to the audience, in its language: scenes and checks bring their own sentences."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deployment_drift import paths, scenes
from deployment_drift.compare.comparison import TOGETHER, Check
from deployment_drift.errors import DriftError
from deployment_drift.events import Found, Progress

COMMAS = {"en": ", ", "ja": "、"}
"""What stands between several names, by each language's code."""
LANGUAGES = tuple(COMMAS)
SPOKEN = "en"  # what this project's checks say themselves, so that no file has to be read for it
OWN = {
    "title": "titles",
    "question": "questions",
    "summary": "summaries",
    "end": "ends",
    "notes": "notes",
}
"""Sentences that each scene has of its own; all others have names that no two scenes share."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language's sentences by their dotted names."""

    code: str
    sentences: dict[str, str]

    def say(self, name: str, **values: object) -> str:
        """Return a sentence with its `{places}` filled in, several names with commas in between."""
        comma = COMMAS.get(self.code, COMMAS[SPOKEN])
        told = {
            name: comma.join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in values.items()
        }
        return self.sentences[name].format(**told)

    def has(self, name: str) -> bool:
        """Whether there is such a sentence."""
        return name in self.sentences

    def note(self, scene: str, step: str) -> str:
        """Return what a speaker says at a step: the scene's own note, else the step's, else ""."""
        names = (f"notes.{scene}.{step}", f"steps.{step}.note")
        return next((self.sentences[name] for name in names if name in self.sentences), "")

    def progress(self, event: Progress) -> str:
        """Return a line of progress: as a program printed it, or as a sentence of ours."""
        return self._line(event.line, event.values)

    def fact(self, event: Found) -> str:
        """Return a fact: as it was found, or as a sentence of ours."""
        return self._line(event.fact, event.values)

    def _line(self, line: str, values: Mapping[str, object] | None) -> str:
        return line if values is None else self.say(f"progress.{line}", **values).strip()

    def title(self, check: Check) -> str:
        """Return a check's title; a check without a translation speaks English."""
        title = self.sentences.get(f"checks.{check.test or check.name}.title", check.title)
        return f"{title} {check.case}".rstrip()

    def why(self, check: Check) -> str:
        """Return why a check matters; a check without a translation speaks English."""
        return self.sentences.get(f"checks.{check.test or check.name}.why", check.why)

    def reason(self, accepted: str) -> str:
        """Return why a difference is allowed; a reason without a translation stays as it is."""
        reasons = accepted.split(TOGETHER)
        return TOGETHER.join(self.sentences.get(f"reasons.{each}", each) for each in reasons)

    @property
    def subjects(self) -> list[str]:
        """The subjects of the checks, the one that hurts customers most first."""
        return [name.split(".")[1] for name in self.sentences if name.startswith("subjects.")]


def speak(code: str = "", checks: Path | None = None) -> Language:
    """Return the language with this code, or the one of the user's locale.

    checks: a folder of other checks beside this project's.
    Raises DriftError when nobody has translated into it.
    """
    chosen = code or locale_language()
    if chosen not in LANGUAGES:
        raise DriftError(
            f"--lang {chosen}: no such language here",
            hint=f"--lang {' or --lang '.join(LANGUAGES)}",
        )
    return load(chosen, checks)


def locale_language() -> str:
    """Return `ja` for a Japanese locale, `en` for every other one."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "ja" if locale.startswith("ja") else "en"


@cache
def load(code: str, checks: Path | None = None) -> Language:
    """Read a language's sentences: those that all share, each scene's, and the checks'.

    checks: a folder of other checks beside this project's.
    """
    files = [(Path(scenes.__file__).with_name("words.toml"), "")]
    files += [(folder / "words.toml", folder.name) for folder in scenes.folders()]
    said = [pair for file, scene in files for pair in spoken(scenes.read(file), scene, code)]
    own = [] if code == SPOKEN else [paths.checks()]
    for folder in [*own, *([checks] if checks else [])]:
        said += sentences({"checks": scenes.read(folder / "words.toml")}, code)
    return Language(code, dict(said))


def spoken(words: Mapping[str, Any], scene: str, code: str) -> Iterator[tuple[str, str]]:
    """Yield a file's sentences by their dotted names; `title` and the like get the scene's."""
    named = {kind: {scene: words[name]} for name, kind in OWN.items() if name in words}
    others = {name: table for name, table in words.items() if name not in OWN}
    yield from sentences({**named, **others}, code)


def sentences(table: Mapping[str, Any], code: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield dotted names and texts: a sentence is a table with a text for each language."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from sentences(value, code, f"{prefix}{name}.")
        elif name == code:
            yield prefix.removesuffix("."), value
