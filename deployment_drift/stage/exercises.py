"""The exercises: a broken release each, the rows to make green, and somebody's attempt at it."""

import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deployment_drift import files, paths
from deployment_drift.build import names
from deployment_drift.build.context import SHARED
from deployment_drift.errors import DriftError
from deployment_drift.paths import typed

FOLDER = Path("my-exercises")
"""Where attempts lie, below the folder in which one types."""
NOTES = ".exercise.json"
"""What is remembered of an attempt, beside its files: hints that were given, and the goal."""
ENVIRONMENT = "release.env"
RELEASE = "exercise"
"""What the attempt's folder is called while it is built: no scene builds one of that name."""


@dataclass(frozen=True)
class Exercise:
    """A folder below `exercises/`, with all that is said of it in exercise.toml."""

    folder: Path
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What is typed for it."""
        return self.folder.name

    @property
    def reference(self) -> str:
        """The folder, or `folder:stage`, whose server the release has to become like."""
        return str(self.said["reference"])

    @property
    def environment(self) -> bool:
        """Whether both run the reference's image, and only its release.env is the attendee's."""
        return bool(self.said.get("environment"))

    @property
    def release(self) -> str:
        """What is built for the release: the attempt, to the stage that the exercise is about."""
        stage = self.said.get("stage")
        return self.reference if self.environment else f"{RELEASE}:{stage}" if stage else RELEASE

    @property
    def goal(self) -> tuple[str, ...]:
        """The checks whose rows have to become green."""
        return tuple(self.said["goal"])

    def text(self, name: str, language: str) -> str:
        """Return its title, or its story, in a language."""
        return str(self.said[name][language]).strip()

    def hints(self, language: str) -> list[str]:
        """Return its hints, from a nudge to the solution."""
        return list(self.said["hints"][language])

    @cached_property
    def attempt(self) -> "Attempt":
        """The attendee's own files, in the folder in which one types."""
        return Attempt(FOLDER / self.name)

    def hand_out(self) -> None:
        """Copy a server's files for the attendee, and break there what the exercise says."""
        with _written(self.attempt.folder):
            if self.environment:
                _copy(
                    paths.root() / self.reference / ENVIRONMENT, self.attempt.folder / ENVIRONMENT
                )
            else:
                shutil.copytree(paths.root() / self.said["copy"], self.attempt.folder)
            for change in self.said.get("changes", ()):
                file = self.attempt.folder / change["file"]
                file.write_text(
                    file.read_text("utf-8").replace(change["of"], change["to"]), "utf-8"
                )
        self.attempt.note(hints=0, reached=False)

    @contextmanager
    def laid_out(self) -> Iterator[Path]:
        """Yield a folder with the reference, the shop and the attempt, as builds expect them.

        The reference is this repository's own, whatever the attendee does to theirs.
        """
        folder = names.parse(self.reference).folder
        with TemporaryDirectory(prefix="exercise-") as made:
            root = Path(made)
            for each in (folder, SHARED, *filter(None, [self.said.get("allowed")])):
                _copy(paths.root() / each, root / each)
            if self.environment:
                _copy(self.attempt.folder / ENVIRONMENT, root / folder / ENVIRONMENT)
            else:
                _copy(self.attempt.folder, root / RELEASE)
                (root / RELEASE / NOTES).unlink()
            yield root


@dataclass(frozen=True)
class Attempt:
    """An attendee's copy of a broken release: theirs to change, and never overwritten."""

    folder: Path

    @property
    def begun(self) -> bool:
        """Whether it was handed out."""
        return (self.folder / NOTES).is_file()

    def noted(self) -> dict[str, Any]:
        """Return what is remembered of it; raise DriftError where that cannot be read."""
        try:
            return dict(json.loads((self.folder / NOTES).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise DriftError(
                f"{self.folder / NOTES} cannot be read: {error}",
                hint=typed(f"exercise {self.folder.name} --again"),
            ) from error

    def note(self, **values: object) -> None:
        """Remember something of it."""
        before = self.noted() if self.begun else {}
        files.write(self.folder / NOTES, json.dumps({**before, **values}) + "\n")

    def put_aside(self) -> Path:
        """Give it a name with a number, so that nothing of it is lost; return where it is now."""
        parent, name = self.folder.parent, self.folder.name
        taken = (parent / f"{name}.{number}" for number in range(1, 1000))
        return self.folder.rename(next(each for each in taken if not each.exists()))


def every() -> list[Exercise]:
    """Return the exercises in their order, the easiest first."""
    found = sorted((paths.root() / "exercises").glob("*/exercise.toml"))
    read = [Exercise(file.parent, tomllib.loads(file.read_text("utf-8"))) for file in found]
    return sorted(read, key=lambda each: int(each.said["order"]))


def find(name: str) -> Exercise:
    """Return an exercise by its name; raise DriftError where there is none."""
    for each in every():
        if each.name == name:
            return each
    known = ", ".join(each.name for each in every())
    raise DriftError(f"{name}: no such exercise", hint=f"one of {known}")


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    """Say in a sentence why a folder could not be written, and leave no half of it."""
    if folder.exists():
        raise DriftError(
            f"{folder} is there and was not handed out by an exercise", hint="move it away"
        )
    try:
        yield
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise DriftError(f"{folder} could not be written: {error.strerror or error}") from error


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a folder; raise DriftError where it cannot be read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy(source, target)
    except (OSError, shutil.Error) as error:
        raise DriftError(f"{source} cannot be read: {error}", hint="is the file there?") from error
