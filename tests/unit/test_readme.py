"""What the READMEs show is made, not written by hand."""

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from deployment_drift import paths
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import Report, Shown
from deployment_drift.opening import opening
from deployment_drift.readme import PAGES, TABLE, svg, with_tables
from deployment_drift.records import Check, Host, Observation, Status
from deployment_drift.report.language import LANGUAGES, load


@pytest.mark.parametrize("code", LANGUAGES)
def test_tables_are_up_to_date(code: str) -> None:
    """Each README has the scenes as they are, and the claims as `claims --markdown` has them."""
    text = (paths.root() / PAGES[code]).read_text("utf-8")
    assert len(TABLE.findall(text)) == 2
    assert with_tables(text, code) == text


@pytest.mark.parametrize("code", LANGUAGES)
def test_pictures_are_there(code: str) -> None:
    """Each picture that a README shows is a file."""
    text = (paths.root() / PAGES[code]).read_text("utf-8")
    shown = [line.rpartition("](")[2].rstrip(")") for line in text.splitlines() if "![" in line]
    assert len(shown) >= 2
    assert all((paths.root() / path).is_file() for path in shown)


@pytest.mark.parametrize("code", LANGUAGES)
def test_picture_shows_the_verdict(report: Report, code: str) -> None:
    """The picture is an SVG document that ends with the verdict."""
    drawn = ET.fromstring(svg(report, code))  # noqa: S314 -- written by ourselves
    text = "".join(drawn.itertext()).replace("\xa0", " ")
    assert load(code).say("verdicts.drift", drift=1, total=2) in text


def test_picture_shows_what_was_stated(report: Report) -> None:
    """Each statement of the scene is in its picture."""
    stated = replace(report, statements=(Shown("linux_only", True, {"system": "Linux"}),))  # noqa: FBT003 -- it holds
    drawn = svg(stated, "en").replace("&#160;", " ")
    assert "Linux containers, on a Linux kernel" in drawn


def test_japanese_letters_are_set_by_their_font(report: Report) -> None:
    """A text with wide letters is not stretched to the width of as many narrow ones."""
    drawn = svg(report, "ja")
    assert re.findall(r"<text[^>]*>なぜ大事か<", drawn)
    assert not re.findall(r"textLength[^>]*>なぜ大事か<", drawn)
    assert re.findall(r"textLength[^>]*>8\.4", drawn)


def shown(scene: str, verdict: Verdict, prices: Sequence[str]) -> Report:
    """Return what a scene with two shops has shown."""
    names = ("local", "release")
    values = {
        "offer": prices,
        "php_version": ("8.4.1", "8.2.1" if verdict is Verdict.DRIFT else "8.4.1"),
        "distribution": ("debian 13", "debian <12>" if verdict is Verdict.DRIFT else "debian 13"),
    }
    made = tuple(
        Comparison(
            Check(name, "php", "Title", "why"),
            {h: Observation(Status.VALUE, v) for h, v in zip(names, seen, strict=True)},
        )
        for name, seen in values.items()
    )
    hosts = tuple(Host(name, f"docker://{name}", f"sha256:{'ab' * 32}", "") for name in names)
    return Report(scene, verdict, verdict, hosts, made)


@pytest.mark.parametrize("code", LANGUAGES)
def test_opening_says_what_was_shown(code: str) -> None:
    """The first picture has both prices of each scene, versions, and one image or two."""
    drift = shown("drift", Verdict.DRIFT, ("31", "32"))
    cure = shown("container", Verdict.PARITY, ("31", "31"))
    drawn = ET.fromstring(opening([drift, cure], code))  # noqa: S314 -- written by ourselves
    texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    say = load(code).say
    prices = [text for text in texts if text in {say("opening.price", price=p) for p in (31, 32)}]
    assert prices == [say("opening.price", price=p) for p in (31, 32, 31, 31)]
    assert [text for text in texts if text and text.startswith("PHP")] == [
        "PHP 8.4.1",
        "PHP 8.2.1",
        "PHP 8.4.1",
        "PHP 8.4.1",
    ]
    assert texts.count(say("opening.image", image="abababa")) == 3
    assert "Debian <12>" in texts
    assert [text for text in texts if text in {"≠", "="}] == ["≠", "="]


def test_opening_needs_what_it_draws() -> None:
    """What was not asked is not drawn: it is an error."""
    drift = shown("drift", Verdict.DRIFT, ("31", "32"))
    with pytest.raises(DriftError, match="has not asked what is drawn: offer"):
        opening([replace(drift, comparisons=drift.comparisons[1:])], "en")


def test_pictures_load_nothing(report: Report) -> None:
    """A picture needs no network: it names no address."""
    assert re.findall(r"https?://(?!www\.w3\.org)", svg(report, "en")) == []
