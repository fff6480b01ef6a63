"""Plays a scene, or compares hosts, for people or, as JSON, for programs."""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from deployment_drift import files, paths
from deployment_drift.cli import Telling
from deployment_drift.engine import engines
from deployment_drift.errors import DriftError
from deployment_drift.events import Listener, Report
from deployment_drift.output import print_json
from deployment_drift.paths import typed
from deployment_drift.records import Status
from deployment_drift.report.document import document, last, measured, remember, written
from deployment_drift.report.language import Language, speak
from deployment_drift.report.terminal import Narrator, console
from deployment_drift.run import environment, play
from deployment_drift.scene import Scene
from deployment_drift.scenes import find
from deployment_drift.stage.recording import Recorder
from deployment_drift.values import as_json, harmless

if TYPE_CHECKING:
    from rich.console import RenderableType

PAIR = 2  # hosts that a comparison needs at least
REASONS = 5
"""How many reasons a snapshot names why it knows something not."""


def scene(name: str, how: Telling) -> int:
    """Play a scene, tell it, and return its exit status."""
    language = speak(how.lang)
    if how.step or how.auto:
        return _staged(find(name), how, language).status
    recorder = Recorder()
    report = _tell(find(name), how, language, recorder)
    recorder.keep(report)
    remember(name, measured(report, language))
    return report.status


def on_machines(name: str, how: Telling, addresses: Sequence[str]) -> int:
    """Play a scene on machines that somebody else has started; it is told as `scene`, not kept."""
    from deployment_drift.scenes import machines

    language, chosen = speak(how.lang), machines.of(find(name), addresses)
    if how.step or how.auto:
        return _staged(chosen, how, language).status
    return _tell(chosen, how, language).status


def _staged(scene: Scene, how: Telling, language: Language) -> Report:
    """Play a scene at the speaker's pace, which leaves no room for a document."""
    from deployment_drift.stage import talk

    if how.json:
        raise DriftError(
            "--json prints one document, and --step waits for keys", hint="one of them"
        )
    return talk.scene(scene, how, language)


def comparison(  # noqa: PLR0913 -- one argument an option of the command
    hosts: list[str],
    how: Telling,
    *,
    allowed: str = "",
    apps: Sequence[str] = (),
    checks: str = "",
    expect: str = "",
    junit_file: str = "",
    markdown_file: str = "",
) -> int:
    """Compare hosts, tell it, write the files that were asked for, and return the exit status."""
    from deployment_drift.compare import project
    from deployment_drift.compare.coverage import kinds
    from deployment_drift.scenes import compare

    said = project.found(Path(), apps)
    local, *releases = hosts
    wanted = [local or said.local, *(releases or said.release)]
    if len(list(filter(None, wanted))) < PAIR:
        raise DriftError(
            "the hosts to compare are missing",
            hint=f"--local ADDRESS --release ADDRESS, or say them in {paths.PROJECT}",
        )
    accepted = Path(allowed) if allowed else said.path
    folder = Path(checks) if checks else said.checks
    scene = compare.of(wanted, accepted, folder, kinds(expect) or said.expect, said)
    language = speak(how.lang, folder)
    with _reached(*wanted):
        report = _tell(scene, how, language)
    if junit_file:
        from deployment_drift.report.exports import junit

        files.write(Path(junit_file), junit(report))
    if markdown_file:
        from deployment_drift.report.exports import markdown

        files.write(Path(markdown_file), markdown(report, language))
    return report.status


def snapshot(address: str, output: str, apps: Sequence[str] = ()) -> int:
    """Write what a host is into a file; 2 where a check got no answer."""
    from deployment_drift.compare import project
    from deployment_drift.probe.snapshot import require
    from deployment_drift.scenes import compare

    if not address:
        raise DriftError("the host is missing", hint=typed("snapshot ADDRESS"))
    require(Path(output))
    said = project.found(Path(), apps)
    with _reached(address):
        taken = compare.remember(address, Path(output), said.checks, said)
    seen = taken.observations.values()
    why = Counter(each.reason for each in seen if each.status is Status.UNKNOWN)
    unknown = why.total()
    print(f"{output}: {len(seen)} observations of {address}, {unknown} of them unknown")
    for reason, times in why.most_common(REASONS):
        print(f"{times:5}: {harmless(reason)}")
    if len(why) > REASONS:
        print(f"       and {len(why) - REASONS} reasons more, which are in the file")
    return 2 if unknown else 0


def script(apps: Sequence[str] = ()) -> int:
    """Print the sh file that takes a snapshot where we may not enter."""
    from deployment_drift.compare import checks, project
    from deployment_drift.probe.script import KEY
    from deployment_drift.probe.script import script as text

    said = project.found(Path(), apps)
    asked = replace(checks.questions(said.checks), **project.asked(said))
    key = os.environ.get(KEY)
    print(text(replace(asked, secret=key) if key else asked), end="")
    return 0


def claims(how: Telling, *, markdown: bool) -> int:
    """Print what is claimed, where it is shown, and what the last runs measured."""
    from deployment_drift import claims as ledger

    language = speak(how.lang)
    if how.json:
        print_json(as_json(ledger.document(last, language), indent=1))
    elif markdown:
        print(ledger.markdown(language))
    else:
        console().print(ledger.table(last, language))
    return 0


def _reached(*addresses: str) -> AbstractContextManager[None]:
    """Lead the docker client to the private engine, where servers that were kept run on that."""
    docker = any(address.startswith("docker://") for address in addresses)
    return environment(engines.private_environment() if docker else {})


def _tell(scene: Scene, how: Telling, language: Language, *others: Listener) -> Report:
    """Play a scene to everybody who listens: people or a program, and the file of events."""
    with written(how.events) as lines:
        if how.json:
            with redirect_stdout(sys.stderr):  # what a conftest.py prints is no document
                report = play(scene, *others, *lines, keep=how.keep)
            print_json(document(report, language))
            return report
        narrator = Narrator(console(), language, full=how.full, keep=how.keep, drawing=_drawing)
        try:
            return play(scene, narrator, *others, *lines, keep=how.keep)
        finally:
            narrator.live.stop()


def _drawing(language: Language, report: Report, recorded: str) -> "RenderableType":
    from deployment_drift.stage.kinds import drawing  # for the few scenes that have something drawn

    return drawing(language, report, recorded)
