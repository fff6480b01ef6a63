"""The claims that the scenes show: where, by which tests, and what the last run measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from deployment_drift import paths, scenes
from deployment_drift.compare.comparison import Verdict
from deployment_drift.report.figures import MARKS
from deployment_drift.report.language import Language
from deployment_drift.report.layout import Prose
from deployment_drift.values import plain, sanitized

TESTS = "tests/demo/"
"""Where the tests of the scenes are."""
INDENT = " " * 5
Reports = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows a claim in one scene: names of its statements and checks, and pytest's ids."""

    scene: str
    statements: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, in each language; `open` says what waits for a scene that is not there yet."""

    id: str
    sentence: Mapping[str, str]
    note: Mapping[str, str]
    open: Mapping[str, str]
    proofs: tuple[Proof, ...]

    @property
    def scenes(self) -> list[str]:
        """The scenes that show it."""
        return [proof.scene for proof in self.proofs]

    @property
    def tests(self) -> list[str]:
        """The tests that assert it, each once."""
        return list(dict.fromkeys(test for proof in self.proofs for test in proof.tests))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last run said to a claim: a sentence, and whether it holds."""

    scene: str
    name: str
    holds: bool | None
    sentence: str


def ledger() -> list[Claim]:
    """Return all claims, in the order of the ledger."""
    shown = {scene.name: _of(scene.name) for scene in scenes.story()}
    sentences = scenes.read(Path(scenes.__file__).with_name("claims.toml"))
    return [_claim(name, entry, shown) for name, entry in sentences.items()]


def _of(scene: str) -> dict[str, Any]:
    """Return what one scene claims."""
    return scenes.read(scenes.folder(scene) / "claims.toml")


def _claim(name: str, entry: Mapping[str, Any], shown: Mapping[str, dict[str, Any]]) -> Claim:
    sentence = {code: entry[code] for code in ("en", "ja")}
    proofs = [_proof(scene, claims[name]) for scene, claims in shown.items() if name in claims]
    return Claim(name, sentence, entry.get("note", {}), entry.get("open", {}), tuple(proofs))


def _proof(scene: str, entry: Mapping[str, list[str]]) -> Proof:
    return Proof(scene, **{kind: tuple(names) for kind, names in entry.items()})


def seen(claim: Claim, reports: Reports, language: Language) -> list[Seen]:
    """Return what the last runs measured for a claim; nothing of scenes that were never played."""
    found = []
    for proof in claim.proofs:
        report = reports(proof.scene) or {}
        found += [
            Seen(proof.scene, each["name"], each["holds"], _say(each, language))
            for each in report.get("statements", ())
            if each["name"] in proof.statements
        ]
        found += [
            Seen(proof.scene, each["name"], _as_claimed(proof.scene, each), _answers(each))
            for each in report.get("checks", ())
            if each["name"] in proof.checks
        ]
    return found


def _say(statement: Mapping[str, Any], language: Language) -> str:
    """Say a statement in this language; one of another version speaks as it was stored."""
    name = f"statements.{statement['name']}"
    try:
        return language.say(name, **statement["values"])
    except KeyError:
        return str(statement["sentence"])


def _as_claimed(scene: str, check: Mapping[str, Any]) -> bool | None:
    verdict = check["verdict"]
    return None if verdict == Verdict.UNKNOWN else verdict == scenes.find(scene).expects


def _answers(check: Mapping[str, Any]) -> str:
    values = [(each["host"], each["status"], each["value"]) for each in check["observations"]]
    told = [f"{host} {plain(v) if status == 'value' else status}" for host, status, v in values]
    return f"{check['name']}: {', '.join(told)}"


def table(reports: Reports, language: Language) -> Group:
    """Return the claims with what was measured last, and what tests that, for a terminal.

    A test's name has a line of its own: folded in a column, it could not be copied.
    """
    heads = (Text(language.say(f"claims.{name}"), "bold") for name in ("claim", "measured"))
    rows: list[RenderableType] = [_beside("", *heads), Rule(style="none")]
    for claim in ledger():
        said = Prose(claim.sentence[language.code], "bold")
        for note in _remarks(claim, language):
            said.append(f"\n{note}", "not bold dim")
        rows.append(_beside(claim.id, said, _measured(claim, reports, language)))
        rows += [Text(f"{INDENT}{test.removeprefix(TESTS)}", "dim") for test in claim.tests]
    return Group(*rows)


def _beside(number: str, said: Text, shown: RenderableType) -> Table:
    """Return one row: its columns are as wide as those of all others."""
    row = Table.grid(padding=(0, 1), expand=True)
    row.add_column(width=len(INDENT) - 1)
    for _ in (said, shown):
        row.add_column(ratio=1, overflow="fold")
    row.add_row(number, said, shown)
    return row


def _remarks(claim: Claim, language: Language) -> list[str]:
    waits = claim.open.get(language.code)
    return [
        *filter(None, [claim.note.get(language.code)]),
        *([language.say("claims.open", what=waits)] if waits else []),
    ]


def _measured(claim: Claim, reports: Reports, language: Language) -> RenderableType:
    found = [sanitized(each) for each in seen(claim, reports, language)]
    if not found and claim.scenes:
        commands = [paths.typed(scenes.command(scene)) for scene in claim.scenes]
        return Prose(language.say("claims.unplayed", commands=commands), "yellow")
    lines = Table.grid(padding=(0, 1))  # by a blank only, Japanese would be folded behind its mark
    lines.add_column()
    lines.add_column(overflow="fold")
    for each in found:
        lines.add_row(Text(*MARKS[each.holds]), Prose(each.sentence))
    return lines


def document(reports: Reports, language: Language) -> list[dict[str, Any]]:
    """Return the claims with what was measured last, for a program."""
    return [
        {
            "id": claim.id,
            "claim": claim.sentence[language.code],
            "note": claim.note.get(language.code, ""),
            "open": claim.open.get(language.code, ""),
            "scenes": claim.scenes,
            "commands": [scenes.command(scene) for scene in claim.scenes],
            "tests": claim.tests,
            "measured": [
                {"scene": s.scene, "name": s.name, "holds": s.holds, "sentence": s.sentence}
                for s in seen(claim, reports, language)
            ],
        }
        for claim in ledger()
    ]


def markdown(language: Language) -> str:
    """Return the claims as a Markdown table; without what each machine measures."""
    heads = [language.say(f"claims.{name}") for name in ("number", "claim", "scene", "test")]
    rows = [heads, ["---"] * len(heads), *(_row(claim, language) for claim in ledger())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(claim: Claim, language: Language) -> list[str]:
    sentence = " ".join([claim.sentence[language.code], *_emphasized(claim, language)])
    commands = "<br>".join(f"`{scenes.command(scene)}`" for scene in claim.scenes) or "-"
    tests = "<br>".join(f"`{test.removeprefix(TESTS)}`" for test in claim.tests) or "-"
    return [claim.id, sentence, commands, tests]


def _emphasized(claim: Claim, language: Language) -> list[str]:
    return [f"*{remark}*" for remark in _remarks(claim, language)]
