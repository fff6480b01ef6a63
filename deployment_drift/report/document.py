"""A scene as JSON: its report as a document, which is remembered, and its events as lines."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from re import sub
from time import perf_counter
from typing import TYPE_CHECKING, Any, TextIO

from deployment_drift import files, paths
from deployment_drift.compare.comparison import Comparison
from deployment_drift.errors import DriftError
from deployment_drift.events import Event, Listener, Report, SceneStarted, Shown, StepDone
from deployment_drift.records import Host, Observation
from deployment_drift.report.language import Language
from deployment_drift.values import as_json

if TYPE_CHECKING:
    from deployment_drift.compare.finding import Finding


def document(report: Report, language: Language) -> str:
    """Return the report as JSON text; its shape is in `schema/report.json`."""
    from deployment_drift.report.rows import found_in
    from deployment_drift.report.table import counts

    content = {
        "scene": report.scene,
        "verdict": report.verdict,
        "hosts": [_host(host) for host in report.hosts],
        "counts": {verdict: count for verdict, count in counts(report).items() if count},
        "findings": [_finding(each, language) for each in found_in(report, language)],
        **_measured(report, language),
        "steps": [_step(report.scene, step, language) for step in report.steps],
        "measurements": [asdict(measured) for measured in report.measurements],
        "missing": list(report.missing),
        "unneeded": [allowance.check for allowance in report.unneeded],
        "misspelt": [check for check, _ in report.misspelt],
        "unfound": {kind: list(hosts) for kind, hosts in report.unfound},
        "same_servers": dict(report.same_servers),
    }
    return as_json(content, indent=1)


def measured(report: Report, language: Language) -> str:
    """Return what claims are measured by, as JSON text: a part of the document."""
    return as_json(_measured(report, language))


def _measured(report: Report, language: Language) -> dict[str, Any]:
    return {
        "checks": [_check(comparison, language) for comparison in report.comparisons],
        "statements": [_statement(shown, language) for shown in report.statements],
    }


def _host(host: Host) -> dict[str, str]:
    return {"name": host.name, "address": host.address, "image": host.image}


def _step(scene: str, step: StepDone, language: Language) -> dict[str, Any]:
    note = language.note(scene, step.name)
    return {"name": step.name, "seconds": round(step.seconds, 3), "note": note}


def _finding(finding: "Finding", language: Language) -> dict[str, Any]:
    from deployment_drift.report.rows import title

    return {
        "check": finding.check.name,
        "entry": finding.entry,
        "title": title(finding, language),
        "why": language.why(finding.check),
        "verdict": finding.verdict,
        "effects": len(finding.effects),
        "observations": [
            {**_observation(host, seen), "at": finding.at.get(host, "")}
            for host, seen in finding.observations.items()
        ],
    }


def _statement(shown: Shown, language: Language) -> dict[str, Any]:
    sentence = language.say(f"statements.{shown.name}", **shown.values)
    return {
        "name": shown.name,
        "sentence": sentence,
        "holds": shown.holds,
        "values": dict(shown.values),
    }


def _check(comparison: Comparison, language: Language) -> dict[str, Any]:
    notes = {"allowed": comparison.allowed, "expired": comparison.expired}
    return {
        "name": comparison.check.name,
        "why": language.why(comparison.check),
        "verdict": comparison.verdict,
        **{name: note for name, note in notes.items() if note},
        "observations": [
            _observation(host, seen) for host, seen in comparison.observations.items()
        ],
    }


def _observation(host: str, seen: Observation) -> dict[str, Any]:
    entry = {"host": host, "status": seen.status, "value": seen.value}
    return {**entry, "reason": seen.reason} if seen.reason else entry


TOLD = ("hosts", "comparisons", "steps", "statements", "measurements", "same_servers")
"""What of a report was told while it came to it."""


class Lines:
    """A listener that writes into a file; whoever reads along sees each line at once."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.begin = perf_counter()

    def __call__(self, event: Event) -> None:
        """Write one event, with the seconds since the start."""
        self.file.write(f"{line(event, perf_counter() - self.begin)}\n")
        self.file.flush()


def line(event: Event, at: float) -> str:
    """Return an event as JSON text, whose shape is in `schema/event.json`.

    at: seconds since the start. A scene begins with its date, and its report does not say again
    what other events have told.
    """
    about: dict[str, Any] = {"at": round(at, 3), "event": kind(type(event))}
    if isinstance(event, SceneStarted):
        about["date"] = datetime.now(UTC).isoformat(timespec="seconds")
    content = _plain(event)
    if isinstance(event, Report):
        content = {name: value for name, value in content.items() if name not in TOLD}
    return json.dumps({**about, **content}, default=_plain)


def _plain(value: object) -> Any:  # noqa: ANN401 -- whatever JSON knows
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return dict(value) if isinstance(value, Mapping) else str(value)


def kind(event: type[Event]) -> str:
    """Return what a kind of event is called: `step_started`."""
    return sub(r"(?<=.)(?=[A-Z])", "_", event.__name__).lower()


@contextmanager
def written(path: str) -> Iterator[list[Listener]]:
    """Yield the listener that writes into this file, none without a path.

    Raises DriftError when the file cannot be written.
    """
    if not path:
        yield []
        return
    with files.streamed(Path(path)) as file:
        yield [Lines(file)]


def remember(scene: str, document: str) -> None:
    """Write a scene's JSON document down; a full disk loses the memory and not the scene."""
    with suppress(OSError, DriftError):
        _file(scene).parent.mkdir(exist_ok=True)
        files.write(_file(scene), document)


def last(scene: str) -> dict[str, Any] | None:
    """Return the document of a scene's last run, None where it was never played."""
    try:
        found: dict[str, Any] = json.loads(_file(scene).read_text("utf-8"))
    except (OSError, ValueError, DriftError):
        return None
    return found


def _file(scene: str) -> Path:
    return paths.state() / "reports" / f"{scene}.json"
