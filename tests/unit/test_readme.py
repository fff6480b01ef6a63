"""What the READMEs show is made, not written by hand."""

import html
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len

from deployment_drift import paths
from deployment_drift.events import Report, Shown
from deployment_drift.readme import PAGES, TABLE, svg, with_tables
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


def column(drawn: str, start: str) -> float:
    """Return how wide one column of the text that starts so is drawn."""
    ((length, text),) = re.findall(rf'textLength="([\d.]+)"[^>]*>({start}[^<]*)<', drawn)
    return float(length) / cell_len(html.unescape(text))


def test_japanese_letters_get_two_columns(report: Report) -> None:
    """A wide letter is as wide as two narrow ones, so that none overlap."""
    drawn = svg(report, "ja")
    assert column(drawn, "なぜ大事か") == pytest.approx(column(drawn, "8.4"), rel=0.01)


def test_pictures_load_nothing(report: Report) -> None:
    """A picture needs no network: it names no address."""
    assert re.findall(r"https?://(?!www\.w3\.org)", svg(report, "en")) == []
