"""The page for attendees, made of what was recorded."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import Found, Measured, Report, SceneStarted, Shown, StepDone
from deployment_drift.records import Host
from deployment_drift.report.figures import DRAWN
from deployment_drift.report.language import load
from deployment_drift.scenes import find
from deployment_drift.stage import kinds as stage_kinds
from deployment_drift.stage.handout import marked, page, print_pdf, write
from deployment_drift.stage.recording import Recorder, Recording, Told
from tests.unit.conftest import Compare

EVIL = "<script>alert(1)</script>\x1b[2J"


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, ids, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of each tag of this name."""
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(autouse=True)
def _nothing_was_played(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever runs these tests have recorded nothing: a page would draw what they found."""
    monkeypatch.setattr(stage_kinds, "last", {}.get)


@pytest.fixture
def recorded(compare: Compare) -> Recording:
    """Give a recording of the drift scene."""
    hosts = (
        Host("local", "docker://drift-local", "sha256:1", "http://127.0.0.1:32771"),
        Host("release", "ssh://b"),
    )
    comparisons = (compare("8.4", "8.2"), compare("1", EVIL, name="time_zone"))
    done = (StepDone("images", 0.5), StepDone("checks", 1.5))
    report = Report("drift", Verdict.DRIFT, Verdict.DRIFT, hosts, comparisons, done)
    steps: dict[str, list[Told]] = {
        "images": [(0.0, Found("debian", f"present {EVIL}"))],
        "checks": [(1.0, done[1])],
    }
    began = SceneStarted("drift", Verdict.DRIFT, ("images", "checks"))
    return Recording(datetime(2026, 11, 26, 9, 30, tzinfo=UTC), began, steps, report)


@pytest.fixture
def measured(recorded: Recording) -> Recording:
    """Give a recording of the startup scene, with a statement and with figures."""
    figures = (
        Measured("process", "answer", 0.02, "s", 0.01, 0.03),
        Measured("container", "answer", 0.3, "s", 0.2, 0.4),
        Measured("host_type", "answer", 5.8, "s", 5.0, 6.0),
    )
    shown = (Shown("same_php", holds=True, values={"digest": "abc"}),)
    report = Report(
        "startup", Verdict.SHOWN, Verdict.SHOWN, (), (), (), (), shown, measurements=figures
    )
    return replace(recorded, steps={}, report=report)


@pytest.mark.parametrize("code", ["en", "ja"])
def test_page_tells_the_scene(recorded: Recording, code: str) -> None:
    """Question, steps with what is said to them, differences, verdict and what to type."""
    language = load(code)
    seen = Page(page([(find("drift"), recorded)], language))
    assert seen.all("html") == [{"lang": code}]
    for name in ("questions.drift", "ends.drift", "steps.checks"):
        assert language.say(name) in seen.text
    assert language.note("drift", "checks") in seen.text
    for told in ("8.4", "8.2", "./invoke demo-drift --keep", "docker exec drift-local php"):
        assert told in seen.text
    assert "curl --silent http://127.0.0.1:PORT'/offer.php" in seen.text
    assert "32771" not in seen.text
    assert recorded.when in seen.text


def test_figures_are_drawn(measured: Recording) -> None:
    """What was measured of several subjects is a bar each, with its figure beside it."""
    seen = Page(page([(find("startup"), measured)], load("en")))
    widths = [each["style"] for each in seen.all("span") if each.get("class") == "bar"]
    assert len(widths) == 3
    assert widths[-1] == "width: 100%"
    assert all(figure in seen.text for figure in ("0.020 s", "0.300 s", "5.8 s"))
    assert load("en").say("bars.logarithmic") in seen.text


@pytest.mark.parametrize("code", ["en", "ja"])
def test_what_runs_found_is_drawn(
    recorded: Recording, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the chapter's kinds stand ways that were played, and what plays the others."""
    layers = f"computer QEMU, hypervisor Xen 4.17 {EVIL}, guest Linux 6.1"
    report = replace(recorded.report, measurements=(Measured("xen", DRAWN, layers),))
    xen = replace(recorded, report=report)
    monkeypatch.setattr(stage_kinds, "last", {"hypervisor": xen}.get)
    text = page([(find("drift"), recorded)], load(code))
    seen = Page(text)
    assert [each.get("aria-hidden") for each in seen.all("svg")].count(None) == 4
    assert load(code).say("ways.found", when=xen.when) in seen.text
    for command in ("demo-startup", "demo-startup --hypervisor kvm"):
        assert load(code).say("ways.unplayed", command=f"./invoke {command}") in seen.text
    assert "Xen 4.17 <script>" in seen.text
    assert seen.all("script") == []
    assert "\x1b" not in text


def test_hosts_values_are_harmless(recorded: Recording) -> None:
    """What a host has said is text on the page, whatever it is."""
    text = page([(find("drift"), recorded)], load("en"))
    seen = Page(text)
    assert seen.all("script") == []
    assert seen.text.count("<script>alert(1)</script>\\x1b[2J") == 2
    assert "\x1b" not in text


def test_subject_has_all_of_its_lines(recorded: Recording) -> None:
    """A mail's text stands below its subject; no row of a table is without a name."""
    lines = (Found("Subject", "Your order"), Found(" ", "Thank you."), Found(" ", EVIL))
    steps: dict[str, list[Told]] = {"develop": [(0.0, line) for line in lines]}
    text = page([(find("drift"), replace(recorded, steps=steps))], load("en"))
    told = r"Your order<br>Thank you.<br>&lt;script&gt;alert(1)&lt;/script&gt;\x1b[2J"
    assert f'<th scope="row">Subject</th><td>{told}</td>' in text
    assert not re.search(r"<th[^>]*>\s*</th>", text)


def test_page_needs_nothing_else(recorded: Recording) -> None:
    """Nothing is loaded from anywhere."""
    text = page([(find("drift"), recorded)], load("en"))
    loading = {"src", "href", "srcset", "data", "action"}
    assert not [attributes for _, attributes in Page(text).tags if loading & attributes.keys()]
    assert "url(" not in text
    assert "@import" not in text


def test_page_can_be_read_aloud(recorded: Recording, measured: Recording) -> None:
    """One heading of the first level, none left out, each drawing and section named by an id."""
    shown = [(find("drift"), recorded), (find("startup"), measured)]
    seen = Page(page(shown, load("ja")))
    levels = [int(tag[1]) for tag, _ in seen.tags if tag in {"h1", "h2", "h3"}]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in seen.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    drawings = [each for each in seen.all("svg") if each.get("aria-hidden") != "true"]
    named = [*seen.all("section"), *drawings]
    assert len(named) == 7
    assert all({*(each["aria-labelledby"] or "?").split()} <= {*ids} for each in named)


def test_what_is_typed_is_code() -> None:
    """A note's backticks become code, and nothing else does."""
    assert marked("a `b <c>` d") == "a <code>b &lt;c&gt;</code> d"


def test_scenes_that_were_not_shown_are_named(
    recorded: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has what was shown; who made it reads what to play for the rest."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with pytest.raises(DriftError, match="nothing to hand out"):
        write(tmp_path / "none.html", load("en"))
    recorder = Recorder()
    for event in (recorded.began, recorded.report):
        recorder(event)
    recorder.keep(recorded.report)
    with pytest.raises(DriftError, match="nothing to hand out"):  # steps are missing
        write(tmp_path / "none.html", load("en"))


def test_pdf_needs_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Chromium, that is said with what to install; a browser that fails, too."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DriftError, match="no Chromium") as caught:
        print_pdf(tmp_path / "a.html", tmp_path / "a.pdf")
    assert caught.value.hint == "apt install chromium"
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    browser.chmod(0o755)
    with pytest.raises(DriftError, match="printed no PDF") as caught:
        print_pdf(tmp_path / "a.html", tmp_path / "a.pdf")
    assert "broken" in caught.value.detail
