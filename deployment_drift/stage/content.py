"""What a page shows of an event: plain data, each text in every language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from deployment_drift import scenes
from deployment_drift.compare.comparison import Comparison
from deployment_drift.events import Report, Shown
from deployment_drift.records import Host
from deployment_drift.report.figures import MARKS as HELD
from deployment_drift.report.figures import is_drawn
from deployment_drift.report.language import LANGUAGES, SPOKEN, Language, load
from deployment_drift.report.rows import MARKS, row
from deployment_drift.report.table import sentence
from deployment_drift.stage.handout import charts
from deployment_drift.stage.kinds import FILE as KINDS
from deployment_drift.stage.kinds import kinds
from deployment_drift.values import harmless

if TYPE_CHECKING:
    from deployment_drift.compare.finding import Finding

Content = Mapping[str, Any]
Texts = Mapping[str, str]
"""A text by the codes of the languages."""
OWN = "page."
"""How the names of the sentences begin that stand on pages by themselves."""
PAGES = {
    "offer": "/offer.php?price=45&off=30",
    "find": "/find.php?over=500",
    "delivery": "/delivery.php",
}
"""Where the shop itself shows what a check has found."""


def inside(host: Host) -> str:
    """Return in which container it runs: that of an engine or of a machine, "" for none."""
    where = urlsplit(host.address)
    engine = parse_qs(where.query).get("context", [""])[0]
    return engine or (f"machine-{host.name}" if where.scheme == "ssh" else "")


def words() -> Mapping[str, Any]:
    """Return what stands on the pages by itself."""
    spoken = load(SPOKEN)
    named = [name for name in spoken.sentences if name.startswith(OWN)]
    own = {name.removeprefix(OWN): raw(name) for name in named}
    subjects = {name: in_each(f"subjects.{name}") for name in spoken.subjects}
    layers = scenes.read(KINDS)["layers"]
    return {**layers, **own, "subjects": subjects}


def in_each(name: str, **values: object) -> Texts:
    """Return a sentence in every language."""
    return both(lambda language: language.say(name, **values))


def raw(name: str) -> Texts:
    """Return a sentence with its places, which a page fills in."""
    return both(lambda language: language.sentences[name])


def both(say: Callable[[Language], str]) -> Texts:
    """Return a text in every language."""
    return {code: say(load(code)) for code in LANGUAGES}


def tile(made: Comparison) -> Content:
    """Return a check as the wall has it."""
    mark, _ = MARKS[made.verdict]
    return {
        "name": harmless(made.check.name),
        "subject": harmless(made.check.subject),
        "title": both(lambda language: harmless(language.title(made.check))),
        "verdict": made.verdict,
        "mark": mark,
    }


def statement(shown: Shown) -> Content:
    """Return a statement as an idea."""
    mark, _ = HELD[shown.holds]
    text = in_each(f"statements.{shown.name}", **shown.values)
    return {"kind": "statement", "text": text, "mark": mark, "holds": shown.holds}


def difference(finding: "Finding", names: Sequence[str]) -> Content:
    """Return a row of the table as an idea: what it is, each host's answer, why it matters."""
    rows = {code: row(finding, load(code), places=False) for code in LANGUAGES}
    cells = {
        code: [" ".join(line.text for line in cell) for cell in made.cells]
        for code, made in rows.items()
    }
    return {
        "kind": "difference",
        "text": {code: made.name for code, made in rows.items()},
        "answers": [
            {"host": host, "text": {code: each[place] for code, each in cells.items()}}
            for place, host in enumerate(names[: min(map(len, cells.values()))])
        ],
        "why": {code: " ".join(line.text for line in made.why) for code, made in rows.items()},
        "check": finding.check.name,
        "verdict": finding.verdict,
        "mark": rows[LANGUAGES[0]].mark.text,
        "page": PAGES.get(finding.check.name, ""),
    }


def told(report: Report, recorded: str = "") -> Content:
    """Return what a scene came to: in a sentence, what was measured as bars, layers as stacks.

    recorded: when that was, if not now.
    """
    drawn = {code: list(charts(report, load(code))) for code in LANGUAGES}
    ways = {code: list(_ways(report, load(code), recorded)) for code in LANGUAGES}
    return {
        "verdict": report.verdict,
        "as_expected": report.verdict is report.expects,
        "text": both(lambda language: sentence(report, language)),
        "charts": drawn,
        "ways": ways,
    }


def _ways(report: Report, language: Language, recorded: str) -> Iterator[Content]:
    """Yield each way to run PHP with what lies below it, where the scene has found one."""
    if is_drawn(report):
        for kind in kinds(language, report, recorded):
            for way in kind["ways"]:
                layers = [[label, name] for _, label, name in way.layers]
                title = f"{kind['title']}: {way.subject}"
                yield {"title": title, "when": way.when, "layers": layers}
