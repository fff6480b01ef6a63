"""Plays a scene, or compares hosts, for people or, as JSON, for programs."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from json import dumps
from pathlib import Path

from rich.console import Console

from deployment_drift import claims as ledger
from deployment_drift.compare import fleet
from deployment_drift.engine import engines
from deployment_drift.errors import DriftError
from deployment_drift.events import Event, Listener, Report
from deployment_drift.records import Status
from deployment_drift.report import reports
from deployment_drift.report.document import document
from deployment_drift.report.junit import junit
from deployment_drift.report.language import Language, speak
from deployment_drift.report.markdown import markdown
from deployment_drift.report.terminal import WIDTH, Narrator
from deployment_drift.run import environment, play
from deployment_drift.scenes import find

Play = Callable[[Listener], Report]


def scene(name: str, *, lang: str, keep: bool, json: bool, full: bool) -> int:
    """Play a scene, tell it, and return its exit status."""
    narrator = _narrator(speak(lang), full=full, keep=keep)
    play_it = lambda heard: play(find(name), heard, keep=keep)  # noqa: E731
    report = _tell(name, play_it, narrator, json=json)
    reports.keep(name, document(report, narrator.language))
    return report.status


def choose(value: str, **scenes: str) -> str:
    """Return the scene that an option's value stands for."""
    if value not in scenes:
        raise DriftError(f"--machines {value}: no such choice", hint=f"type {' or '.join(scenes)}")
    return scenes[value]


def comparison(  # noqa: PLR0913 -- one argument an option of the command
    local: str,
    releases: list[str],
    *,
    lang: str,
    allowed: str,
    checks: str,
    json: bool,
    full: bool,
    junit_file: str,
    markdown_file: str,
) -> int:
    """Compare hosts, tell it, write the files that were asked for, and return the exit status."""
    if not local or not releases:
        raise DriftError(
            "the hosts to compare are missing", hint="--local ADDRESS --release ADDRESS"
        )
    language = speak(lang)
    files = [Path(path) if path else None for path in (allowed, checks)]
    play_it = lambda heard: fleet.compare([local, *releases], heard, *files)  # noqa: E731
    with _reached(local, *releases):
        report = _tell("compare", play_it, _narrator(language, full=full), json=json)
    _write(junit_file, junit(report))
    _write(markdown_file, markdown(report, language))
    return report.status


def snapshot(address: str, output: str) -> int:
    """Write what a host is into a file; 2 where a check got no answer."""
    with _reached(address):
        taken = fleet.remember(address, Path(output))
    seen = [each.status for each in taken.observations.values()]
    unknown = seen.count(Status.UNKNOWN)
    print(f"{output}: {len(seen)} observations of {address}, {unknown} of them unknown")
    return 2 if unknown else 0


def claims(*, lang: str, json: bool, markdown: bool) -> int:
    """Print what is claimed, where it is shown, and what the last runs measured."""
    language = speak(lang)
    if json:
        print(dumps(ledger.document(reports.last, language), ensure_ascii=False, indent=1))
    elif markdown:
        print(ledger.markdown(language))
    else:
        console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
        console.print(ledger.table(reports.last, language))
    return 0


def _reached(*addresses: str) -> AbstractContextManager[None]:
    """Lead the docker client to the private engine, where servers that were kept run on that."""
    docker = any(address.startswith("docker://") for address in addresses)
    return environment(engines.private_environment() if docker else {})


def _narrator(language: Language, *, full: bool, keep: bool = False) -> Narrator:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    return Narrator(console, language, full=full, keep=keep)


def _tell(name: str, play_it: Play, narrator: Narrator, *, json: bool) -> Report:
    if json:
        report = play_it(silent)
        print(document(report, narrator.language))
        return report
    narrator.console.print(f"\n{narrator.language.say(f'titles.{name}')}\n", style="bold")
    try:
        return play_it(narrator)
    finally:
        narrator.live.stop()


def _write(path: str, text: str) -> None:
    if not path:
        return
    try:
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        raise DriftError(f"{path} could not be written: {error.strerror}") from error


def silent(_: Event) -> None:
    """Say nothing: the JSON document comes at the end."""
