"""The claims that the scenes show: where, by which tests, and what the last run measured."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from deployment_drift.report.figures import MARKS
from deployment_drift.report.language import Language
from deployment_drift.scenes import command
from deployment_drift.values import harmless, plain

Reports = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, in each language; `open` says what waits for a scene that is not there yet.

    `statements` and `checks` are names in the reports of `scenes`; `tests` are pytest's ids.
    """

    id: str
    sentence: Mapping[str, str]
    note: Mapping[str, str]
    open: Mapping[str, str]
    scenes: tuple[str, ...]
    statements: tuple[str, ...]
    checks: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last run said to a claim: a sentence, and whether it holds."""

    scene: str
    name: str
    holds: bool | None
    sentence: str


def ledger() -> list[Claim]:
    """Return all claims, in the order of the ledger."""
    text = files("deployment_drift").joinpath("claims.toml").read_text("utf-8")
    return [_claim(name, entry) for name, entry in tomllib.loads(text).items()]


def _claim(name: str, entry: Mapping[str, Any]) -> Claim:
    sentence = {code: entry[code] for code in ("en", "ja")}
    found, asserted = (entry.get("note", {}), entry.get("open", {})), ("scenes", "statements")
    named = (tuple(entry.get(key, ())) for key in (*asserted, "checks", "tests"))
    return Claim(name, sentence, *found, *named)


def seen(claim: Claim, reports: Reports, language: Language) -> list[Seen]:
    """Return what the last runs measured for a claim; nothing of scenes that were never played."""
    found = []
    for scene in claim.scenes:
        report = reports(scene) or {}
        found += [
            Seen(scene, each["name"], each["holds"], _say(each, language))
            for each in report.get("statements", ())
            if each["name"] in claim.statements
        ]
        found += [
            Seen(scene, each["name"], _as_claimed(scene, each["verdict"]), _answers(each))
            for each in report.get("checks", ())
            if each["name"] in claim.checks
        ]
    return found


def _say(statement: Mapping[str, Any], language: Language) -> str:
    """Say a statement in this language; one of another version speaks as it was stored."""
    name = f"statements.{statement['name']}"
    try:
        return language.say(name, **statement["values"])
    except KeyError:
        return str(statement["sentence"])


def _as_claimed(scene: str, verdict: str) -> bool | None:
    if verdict == "unknown":
        return None
    return (verdict == "drift") == (scene == "drift")


def _answers(check: Mapping[str, Any]) -> str:
    values = [(each["host"], each["status"], each["value"]) for each in check["observations"]]
    told = [f"{host} {plain(v) if status == 'value' else status}" for host, status, v in values]
    return f"{check['name']}: {', '.join(told)}"


def table(reports: Reports, language: Language) -> Table:
    """Return the claims with what was measured last, for a terminal."""
    grid = Table("", language.say("claims.claim"), box=box.SIMPLE_HEAD, expand=True)
    grid.add_column(language.say("claims.measured"), overflow="fold")
    for claim in ledger():
        said = Text(claim.sentence[language.code], "bold")
        for note in _remarks(claim, language):
            said.append(f"\n{note}", "not bold dim")
        grid.add_row(claim.id, said, _measured(claim, reports, language))
    return grid


def _remarks(claim: Claim, language: Language) -> list[str]:
    waits = claim.open.get(language.code)
    return [
        *filter(None, [claim.note.get(language.code)]),
        *([language.say("claims.open", what=waits)] if waits else []),
    ]


def _measured(claim: Claim, reports: Reports, language: Language) -> Text:
    told = seen(claim, reports, language)
    lines = Text("\n").join(
        Text.assemble(MARKS[each.holds], " ", harmless(each.sentence)) for each in told
    )
    if not told and claim.scenes:
        commands = ", ".join(f"./invoke {command(scene)}" for scene in claim.scenes)
        return Text(language.say("claims.unplayed", commands=commands), "yellow")
    return lines


def document(reports: Reports, language: Language) -> list[dict[str, Any]]:
    """Return the claims with what was measured last, for a program."""
    return [
        {
            "id": claim.id,
            "claim": claim.sentence[language.code],
            "note": claim.note.get(language.code, ""),
            "open": claim.open.get(language.code, ""),
            "scenes": list(claim.scenes),
            "commands": [command(scene) for scene in claim.scenes],
            "tests": list(claim.tests),
            "measured": [
                {"scene": s.scene, "name": s.name, "holds": s.holds, "sentence": s.sentence}
                for s in seen(claim, reports, language)
            ],
        }
        for claim in ledger()
    ]


def markdown(language: Language) -> str:
    """Return the claims as a Markdown table; no measured values, for they are each machine's."""
    heads = [language.say(f"claims.{name}") for name in ("number", "claim", "scene", "test")]
    rows = [heads, ["---"] * len(heads), *(_row(claim, language) for claim in ledger())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(claim: Claim, language: Language) -> list[str]:
    sentence = " ".join([claim.sentence[language.code], *_emphasized(claim, language)])
    scenes = "<br>".join(f"`{command(scene)}`" for scene in claim.scenes) or "-"
    tests = "<br>".join(f"`{test.removeprefix('tests/demo/')}`" for test in claim.tests) or "-"
    return [claim.id, sentence, scenes, tests]


def _emphasized(claim: Claim, language: Language) -> list[str]:
    return [f"*{remark}*" for remark in _remarks(claim, language)]
