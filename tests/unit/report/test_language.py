"""What is said to the audience: complete in every language, and nothing left over."""

import ast
import re
import string
from typing import get_args

import pytest
from rich.cells import cell_len

from deployment_drift import paths, scenes
from deployment_drift.build.bases import Origin
from deployment_drift.compare.allowed import read
from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.report.language import LANGUAGES, load, locale_language, speak
from deployment_drift.report.language import spoken as spoken_in
from deployment_drift.report.rows import MARKS
from deployment_drift.scenes import story
from deployment_drift.scenes.architecture import index
from deployment_drift.scenes.hypervisor import emulated
from deployment_drift.scenes.limits import architecture, environment, hardening
from deployment_drift.scenes.mail import separation
from deployment_drift.scenes.ship import places as shipped
from deployment_drift.scenes.startup import starts
from deployment_drift.scenes.swarm import nodes
from deployment_drift.stage import coach
from deployment_drift.steps import IMAGE

PACKAGE = paths.root() / "deployment_drift"
KINDS = scenes.read(PACKAGE / "stage" / "kinds.toml")["layers"]
CHECKS = {
    function.name.removeprefix("test_"): file.stem.removeprefix("test_")
    for file in paths.checks().rglob("test_*.py")
    for function in ast.parse(file.read_text()).body
    if isinstance(function, ast.FunctionDef)
}


ALLOWED = {"checks.short_tags.why": "<?が実行されるか、ソースがそのまま送られるか。"}
"""Japanese with marks that are code."""


def places(sentence: str) -> set[str]:
    """Return the names of a sentence's places."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def own_notes(scene: str) -> set[str]:
    """Return the steps for which a scene has a note of its own: each is one of its steps."""
    noted = set(scenes.read(scenes.folder(scene) / "words.toml").get("notes", {}))
    return noted & set(scenes.find(scene).steps)


def pages() -> set[str]:
    """Return the names of the sentences that the pages of a talk say; kinds.toml has others."""
    scripts = "".join(path.read_text("utf-8") for path in (PACKAGE / "stage/page").glob("*.js"))
    literal = set(re.findall(r'word\(state, "(\w+)"', scripts)) - KINDS.keys()
    verdicts = {each.replace(" ", "_") for each in MARKS}
    chosen = {"over", "lost", "keys", "film", "runs", "rests", "machine"}
    return {f"page.{name}" for name in literal | verdicts | chosen}


def spoken() -> set[str]:
    """Return the names of all sentences that the program can say."""
    source = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    page = (PACKAGE / "stage" / "handout.html").read_text("utf-8")
    literal = set(re.findall(r"""(?:language\.say|\bin_each)\(\s*["']([\w.]+)["']""", source))
    literal |= set(re.findall(r"""\bsay\("([\w.]+)"(?! ~)""", page))
    families = {
        *pages(),
        *(f"titles.{folder.name}" for folder in scenes.folders()),
        *(f"summaries.{scene.name}" for scene in story()),
        *(f"questions.{scene.name}" for scene in story()),
        *(f"steps.{step}" for scene in story() for step in scene.steps),
        *(f"steps.{step}.note" for scene in story() for step in scene.steps),
        *(f"notes.{scene.name}.{step}" for scene in story() for step in own_notes(scene.name)),
        *(f"ends.{name}" for name in ("drift", "container", "moved", "ship")),
        "steps.kept",
        *(f"opening.{name}{end}" for name in ("drift", "container") for end in ("", "_told")),
        *(f"exercise.{end}" for end, _ in coach.ENDS.values()),
        *(f"progress.{name}" for name in get_args(Origin)),
        *(f"progress.{name}" for name in re.findall(r'Sentence\(\s*"(\w+)"', source)),
        *(f"statements.{name}" for name in re.findall(r'\.show\(\s*"(\w+)"', source)),
        *(f"statements.{name}" for name in index.TAKEN),
        *(f"statements.{attempt.name}" for attempt in [*hardening.ATTEMPTS, hardening.MOUNT]),
        *(f"statements.{attempt.alike}" for attempt in hardening.ATTEMPTS if attempt.alike),
        *(f"statements.{name}" for name in environment.QUESTIONS),
        *(f"measured.{name}" for name in architecture.SUBJECTS),
        f"figures.{architecture.FIGURE}",
        *(f"measured.{name}" for name in starts.SUBJECTS),
        *(f"figures.{name}" for name in starts.FIGURES),
        *(f"measured.{name}" for name in emulated.SUBJECTS),
        *(f"figures.{name}" for name in emulated.FIGURES),
        *(f"measured.mail_{name}" for name in separation.SUBJECTS),
        *(f"figures.mail_{name}" for name in separation.FIGURES),
        *(f"measured.ship_{name}" for name in (*shipped.SUBJECTS, *nodes.SUBJECTS)),
        *(f"figures.ship_{name}" for name in shipped.FIGURES),
        *(f"claims.{name}" for name in ("number", "claim", "scene", "test")),
        *(f"subjects.{name}" for name in [*CHECKS.values(), IMAGE.subject]),
        *(f"verdicts.{each}" for each in set(Verdict) - {Verdict.ALLOWED, Verdict.NOT_APPLICABLE}),
        *("table.absent", "table.unknown", "verdicts.unasked", "verdicts.unfound"),
    }
    return literal | families


def test_english_has_every_sentence_and_no_other() -> None:
    """Every sentence that is said is there, and every one that is there is said."""
    assert set(load("en").sentences) == spoken()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_speaker_has_two_sentences_for_each_step(code: str) -> None:
    """Every step of every scene has a note of two sentences at least, in every language."""
    said = [load(code).note(scene.name, step) for scene in story() for step in scene.steps]
    assert all(len(re.findall(r"[.。](?= |$|[^\d ])", note)) > 1 for note in said)


def test_a_scene_says_its_own_of_a_step_that_others_share() -> None:
    """A note of the scene goes before that of the step; a step without either has none."""
    english = load("en")
    assert english.note("drift", "checks") == english.say("notes.drift.checks")
    assert english.note("drift", "engine") == english.say("steps.engine.note")
    assert english.note("drift", "kept") == ""


def test_no_two_scenes_share_a_name() -> None:
    """A sentence stands in one file: no scene can change what another one says."""
    own = [(folder / "words.toml", folder.name) for folder in scenes.folders()]
    shared = (PACKAGE / "scenes" / "words.toml", "")
    said = [n for f, scene in [shared, *own] for n, _ in spoken_in(scenes.read(f), scene, "en")]
    assert sorted(set(said)) == sorted(said)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_translations_are_complete(code: str) -> None:
    """A translation has what English has, and a title and a reason for each check."""
    names = [*CHECKS, IMAGE.name]
    checks = {f"checks.{name}.{part}" for name in names for part in ("title", "why")}
    files = {paths.root() / scene.allowed for scene in story() if scene.allowed}
    accepted = {each.reason for file in files for each in read(file)}
    reasons = {f"reasons.{reason}" for reason in accepted}
    assert set(load(code).sentences) == set(load("en").sentences) | checks | reasons


def test_each_reason_is_translated() -> None:
    """Of several reasons each is told in the talk's language; somebody's own stay as they are."""
    said = "the env file names the mail server"
    there = load("ja").reason(said)
    assert there != said
    assert load("ja").reason(f"it is Tuesday; {said}") == f"it is Tuesday; {there}"
    assert load("en").reason(said) == said


def test_japanese_has_its_own_commas_and_stops() -> None:
    """No comma, stop, colon or mark of English stands beside a Japanese letter, or after a place.

    Code is left as it is typed: `.php`, `./invoke`, `mail()`.
    """
    letter = r"[\u3040-\u30ff\u3400-\u9fff\u3001\u3002\uff01-\uff60々ー]"
    foreign = re.compile(
        rf"{letter} ?[,:;!?]|{letter}\.(?!\w|/)|[,:;!?]{letter}|[}}][,:;!?.] ?{letter}"
    )
    said = load("ja").sentences
    assert {name: text for name, text in said.items() if foreign.search(text)} == ALLOWED


def test_several_names_have_the_languages_commas() -> None:
    """A list in a sentence is told with commas of the sentence's own language, in any scene."""
    names = ["local", "container"]
    assert "local, container" in load("en").say("statements.only_guests", guests=names)
    assert "local、container" in load("ja").say("statements.only_guests", guests=tuple(names))


def test_no_list_becomes_english_before_it_is_said() -> None:
    """Whoever shows or says several names hands on a list: joined, it would have English commas."""
    calls = [
        (path.name, call)
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in {"show", "say"}
    ]
    joined = [
        f"{name}:{call.lineno}"
        for name, call in calls
        for given in call.keywords
        if "', '.join(" in ast.unparse(given.value)
    ]
    assert len(calls) > 100
    assert joined == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_places_are_the_same(code: str) -> None:
    """A translation fills in what the English sentence fills in."""
    english, other = load("en").sentences, load(code).sentences
    assert {n: places(s) for n, s in english.items()} == {n: places(other[n]) for n in english}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("last", [6, 16])
@pytest.mark.parametrize("name", ["stage.help", "stage.page_help"])
def test_help_stands_in_columns(name: str, last: int, code: str) -> None:
    """What a key does begins in one column, also behind a number, and where letters are wide."""
    lines = load(code).say(name, last=last).strip().splitlines()
    keys = (re.match(r".*?\s{2,}", line) for line in lines)
    assert len({cell_len(key[0]) for key in keys if key}) == 1


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({}, "en"),
    ],
)
def test_locale_chooses(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], code: str
) -> None:
    """Without --lang, the locale's variables choose, in the order that POSIX gives."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert locale_language() == code


def test_unknown_language_is_an_error() -> None:
    """A language that nobody translated into is named, with those that are there."""
    with pytest.raises(DriftError, match="xx") as raised:
        speak("xx")
    assert raised.value.hint == "--lang en or --lang ja"
