"""The ledger of claims: complete, and nothing in it that is not there."""

import ast
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from deployment_drift import claims, paths, scenes
from deployment_drift.claims import Claim
from deployment_drift.report import document
from deployment_drift.report.language import LANGUAGES, load
from deployment_drift.report.terminal import console
from deployment_drift.scenes import story
from deployment_drift.steps import IMAGE

ROOT = paths.root()
LEDGER = claims.ledger()
COLUMNS = 70  # a Japanese character takes two
each = pytest.mark.parametrize("claim", LEDGER, ids=lambda claim: claim.id)


def functions(file: Path) -> set[str]:
    """Return the names of a file's tests."""
    body = ast.parse(file.read_text()).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def checks() -> set[str]:
    """Return the names of all checks."""
    files = (ROOT / "tests/parity").rglob("test_*.py")
    names = {name.removeprefix("test_") for file in files for name in functions(file)}
    return {*names, IMAGE.name}


def width(sentence: str) -> int:
    """Return how many columns a sentence takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in sentence)


def test_all_eighteen() -> None:
    """There are eighteen claims, numbered."""
    assert [claim.id for claim in LEDGER] == [f"C{number}" for number in range(1, 19)]


@each
def test_names_are_there(claim: Claim) -> None:
    """A claim names scenes, statements and checks that there are."""
    assert set(claim.scenes) <= {scene.name for scene in story()}
    for proof in claim.proofs:
        assert all(load("en").has(f"statements.{name}") for name in proof.statements)
        assert set(proof.checks) <= checks()


@each
def test_tests_are_there(claim: Claim) -> None:
    """A claim names tests that there are."""
    for test in claim.tests:
        file, _, name = test.partition("::")
        assert name in functions(ROOT / file), test


@each
def test_shown_and_tested_or_open(claim: Claim) -> None:
    """A claim is shown by a scene's statements or checks and asserted by a test, or is open."""
    shown = all(proof.tests and (proof.statements or proof.checks) for proof in claim.proofs)
    assert (claim.proofs and shown) or claim.open


def test_every_claim_of_a_scene_is_in_the_ledger() -> None:
    """A scene's claims are numbers that the ledger has."""
    files = [folder / "claims.toml" for folder in scenes.folders()]
    assert {name for file in files for name in scenes.read(file)} <= {c.id for c in LEDGER}


@each
@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_are_short(claim: Claim, code: str) -> None:
    """Every sentence and footnote is there in every language, and fits on one line."""
    for sentences in filter(None, (claim.sentence, claim.note, claim.open)):
        assert 0 < width(sentences[code]) <= COLUMNS, sentences[code]


@pytest.fixture
def report() -> dict[str, Any]:
    """Give what a run of demo-limits left behind."""
    kernel = {"name": "one_kernel", "sentence": "stored", "holds": True}
    return {"statements": [{**kernel, "values": {"kernel": "6.1", "boot": "x"}}], "checks": []}


def test_last_run_is_said_in_any_language(report: dict[str, Any]) -> None:
    """What was measured in one language is told in the other."""
    (claim,) = (claim for claim in LEDGER if claim.id == "C16")
    (told,) = claims.seen(claim, {"limits": report}.get, load("ja"))
    assert told.holds
    assert told.sentence == load("ja").say("statements.one_kernel", kernel="6.1")


def test_older_run_speaks_as_it_was_stored(report: dict[str, Any]) -> None:
    """A statement whose values have got other names since is told as it was then."""
    report["statements"][0]["values"] = {}
    (claim,) = (claim for claim in LEDGER if claim.id == "C16")
    (told,) = claims.seen(claim, {"limits": report}.get, load("en"))
    assert told.sentence == "stored"


@pytest.mark.parametrize(
    ("answer", "holds"), [("drift", True), ("parity", False), ("unknown", None)]
)
def test_check_holds_as_its_scene_claims(answer: str, holds: object) -> None:
    """In the scene of the problem a check that drifts is what was claimed."""
    (claim,) = (claim for claim in LEDGER if claim.id == "C12")
    seen = [{"host": "local", "status": "value", "value": "8.4"}]
    check = {"name": "php_version", "verdict": answer, "observations": seen}
    (told,) = claims.seen(claim, lambda _: {"checks": [check]}, load("en"))
    assert told.holds is holds
    assert told.sentence == "php_version: local 8.4"


def test_unplayed_scene_measured_nothing() -> None:
    """Without a run there is a ledger, and no value in it."""
    entries = claims.document(lambda _: None, load("en"))
    assert len(entries) == len(LEDGER)
    assert not any(entry["measured"] for entry in entries)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("wide", [70, 100])
def test_each_claim_stands_beside_its_tests(wide: int, code: str) -> None:
    """On a terminal, too, what asserts a claim is named, on one line: it can be copied."""
    screen = console(wide)
    with screen.capture() as said:
        screen.print(claims.table(lambda _: None, load(code)))
    lines = [line.strip() for line in said.get().splitlines()]
    at = 0
    for claim in LEDGER:
        for test in claim.tests:
            at = lines.index(test.removeprefix(claims.TESTS), at)
    assert max(map(width, said.get().splitlines())) <= wide


def test_markdown_has_every_claim() -> None:
    """The README's table has a row each claim, and heads."""
    assert len(claims.markdown(load("ja")).splitlines()) == len(LEDGER) + 2


def test_report_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last run of a scene is found again; one that was never played, or is broken, is not."""
    monkeypatch.setattr(paths, "state", lambda: tmp_path)
    assert document.last("limits") is None
    document.remember("limits", json.dumps({"statements": []}))
    assert document.last("limits") == {"statements": []}
    document.remember("limits", "{")
    assert document.last("limits") is None
