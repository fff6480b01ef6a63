"""What a host says is shown and never obeyed, by every output there is."""

import html
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from deployment_drift import claims, events
from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.comparison import Comparison
from deployment_drift.events import Measured, Report, StepDone
from deployment_drift.readme import svg
from deployment_drift.records import Check, Host, Observation, Status, Verdict, item
from deployment_drift.report.document import document
from deployment_drift.report.exports import junit, markdown
from deployment_drift.report.language import load
from deployment_drift.report.terminal import PLAIN, Narrator

EVIL = (
    "\x1b[2J\x9b31m\x1b]0;t\x07\u202e\u2066\u200b[red]x[/red][/]:bomb:\x00\ufffe\ud800\r\n\t"
    "# a | b `c` *d* @all http://e.example www.e.example <img src=x>&amp; ]]> {0} %s 日本"
)
OBEYED = ("<img", "www.e.", "http://", "](", " @all", "`c`", "*d*")


def seen(value: object) -> Observation:
    """Return an observation of an evil host."""
    return Observation(Status.VALUE, value)  # type: ignore[arg-type]


@pytest.fixture
def evil() -> Report:
    """Give a report in which everything that others wrote is hostile."""
    check = Check(f"n{EVIL}", f"s{EVIL}", f"t{EVIL}", f"w{EVIL}")
    one, two = f"one{EVIL}", f"two{EVIL}"
    silent = Observation(Status.UNKNOWN, reason=f"r{EVIL}")
    settings = {f"file{EVIL}": item(f"v{EVIL}", at=f"at{EVIL}", own=True)}
    made = (
        Comparison(check, {one: seen(f"8.4{EVIL}"), two: seen(f"8.2{EVIL}")}),
        Comparison(replace(check, name="e"), {one: seen(1), two: seen(2)}, expired=f"x{EVIL}"),
        Comparison(replace(check, name="a"), {one: seen(1), two: seen(2)}, allowed=f"a{EVIL}"),
        Comparison(replace(check, name="l"), {one: seen(settings), two: seen({})}),
        Comparison(replace(check, name="u"), {one: seen("1"), two: silent}),
    )
    hosts = (Host(one, f"docker://{EVIL}", EVIL, EVIL), Host(two, f"docker://b{EVIL}"))
    figure = Measured("process", "kernel", f"m{EVIL}")
    unneeded = (Allowance(f"i{EVIL}", EVIL, date(2026, 1, 1)),)
    steps = (StepDone("hosts", 0.5),)
    return Report(
        "drift", Verdict.DRIFT, Verdict.DRIFT, hosts, made, steps, unneeded, measurements=(figure,)
    )


def screen(report: Report) -> str:
    """Return what a scene writes where there is no terminal."""
    out = StringIO()
    narrator = Narrator(Console(file=out, width=100, **PLAIN), load("en"), full=True, keep=True)
    told: list[events.Event] = [
        events.StepStarted("hosts", 1),
        events.Progress(f"p{EVIL}", f"l{EVIL}"),
        events.Found(f"f{EVIL}", f"v{EVIL}"),
        *(events.Compared(made) for made in report.comparisons),
        events.StepDone("hosts", 1.0),
        report,
    ]
    for event in told:
        narrator(event)
    return out.getvalue()


def failures(report: Report) -> str:
    """Return the sentences of plain pytest's failures."""
    return "\n".join(repr(made) for made in report.comparisons)


def ledger(report: Report) -> str:
    """Return the table of claims, made of this report's document."""
    content = json.loads(document(report, load("en")))
    names = [name for c in claims.ledger() for proof in c.proofs for name in proof.checks]
    content["checks"] = [{**content["checks"][0], "name": name} for name in names]
    out = StringIO()
    console = Console(file=out, width=100, **PLAIN)
    console.print(claims.table(lambda _: content, load("en")))
    return out.getvalue()


def written(report: Report) -> str:
    """Return the JSON document."""
    return document(report, load("en"))


def commented(report: Report) -> str:
    """Return the comment on a pull request."""
    return markdown(report, load("en"))


def drawn(report: Report) -> str:
    """Return what one reads in the picture; it has to be well-formed."""
    return html.unescape("".join(ET.fromstring(svg(report, "en")).itertext()))  # noqa: S314


def suite(report: Report) -> str:
    """Return what is in the JUnit document; it has to be well-formed."""
    root = ET.fromstring(junit(report))  # noqa: S314 -- written by ourselves
    return "\n".join(
        text for each in root.iter() for text in (each.text or "", *each.attrib.values())
    )


OUTPUTS = [screen, failures, ledger, written, commented, drawn, suite]


@pytest.mark.parametrize("output", OUTPUTS)
def test_nothing_is_obeyed(evil: Report, output: Callable[[Report], str]) -> None:
    """No output has an escape sequence, a mark of direction, or half a character in it."""
    text = output(evil)
    strange = {character for character in text if not character.isprintable()}
    assert strange <= {"\n", "\xa0"}
    assert "8.4" in text
    assert "日本" in text


@pytest.mark.parametrize("output", [screen, ledger, drawn])
def test_markup_is_shown(evil: Report, output: Callable[[Report], str]) -> None:
    """What would be a colour or a picture for our own library is shown as it was written."""
    text = output(evil).replace("\xa0", " ")
    assert "[red]x[/red]" in "".join(text.split())


def test_markdown_makes_no_links(evil: Report) -> None:
    """In a comment nothing of it is a link, a mention, an image or a format, nor breaks a row."""
    text = commented(evil)
    assert [sign for sign in OBEYED if sign in text] == []
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert {line.count(" | ") for line in rows} == {4}


def test_json_loses_nothing(evil: Report) -> None:
    """A program reads from the document exactly what the host said."""
    content = json.loads(written(evil))
    assert content["checks"][0]["observations"][0]["value"] == f"8.4{EVIL}"
