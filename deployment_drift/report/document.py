"""A scene's report as one JSON document."""

from dataclasses import asdict
from typing import Any

from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.finding import Finding
from deployment_drift.events import Report, Shown
from deployment_drift.records import Host, Observation
from deployment_drift.report.language import Language
from deployment_drift.report.rows import found_in, title
from deployment_drift.report.table import counts
from deployment_drift.values import as_json


def document(report: Report, language: Language, indent: int | None = 1) -> str:
    """Return the report as JSON text; its shape is in `schema/report.json`."""
    content = {
        "scene": report.scene,
        "verdict": report.verdict,
        "hosts": [_host(host) for host in report.hosts],
        "counts": {verdict: count for verdict, count in counts(report).items() if count},
        "findings": [_finding(each, language) for each in found_in(report, language)],
        "checks": [_check(comparison, language) for comparison in report.comparisons],
        "steps": [{"name": step.name, "seconds": round(step.seconds, 3)} for step in report.steps],
        "statements": [_statement(shown, language) for shown in report.statements],
        "measurements": [asdict(measured) for measured in report.measurements],
        "missing": list(report.missing),
        "unneeded": [allowance.check for allowance in report.unneeded],
        "misspelt": [check for check, _ in report.misspelt],
        "unfound": {kind: list(hosts) for kind, hosts in report.unfound},
    }
    return as_json(content, indent=indent)


def _host(host: Host) -> dict[str, str]:
    return {"name": host.name, "address": host.address, "image": host.image}


def _finding(finding: Finding, language: Language) -> dict[str, Any]:
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
