"""A recorded talk as one file."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from deployment_drift import paths
from deployment_drift.errors import DriftError
from deployment_drift.stage import film
from deployment_drift.stage.recording import read
from deployment_drift.stage.serve import FOLDER
from tests import staged

DATA = re.compile(r'<script type="application/json" id="film">(.*?)</script>', re.DOTALL)


@pytest.fixture
def page(tmp_path: Path) -> str:
    """Give the page of a recorded scene whose values are evil, played twice."""
    return film.page(read(staged.written(tmp_path / "drift.jsonl", scenes=2)))


def told(page: str) -> list[dict[str, Any]]:
    """Return what is told on a page."""
    found = DATA.search(page)
    assert found
    content: list[dict[str, Any]] = json.loads(found[1])
    return content


def test_page_needs_nothing_else(page: str) -> None:
    """Style, programs and what is told stand in the page; nothing can be loaded by it."""
    assert "default-src 'none'" in page
    assert re.findall(r"""(?:src|href)=["'][^"']*""", DATA.sub("", page)) == []
    assert "EventSource" not in page


def test_values_end_no_script(page: str) -> None:
    """What a server sends stands in the data, and no tag of its own can begin there."""
    found = DATA.search(page)
    assert found
    assert "onerror" in found[1]
    assert "<" not in found[1]


def test_each_stop_of_the_talk_is_there(page: str) -> None:
    """It stops wherever the speaker would wait: at each idea of each step, and at the end."""
    kinds = [each["kind"] for each in told(page)]
    assert kinds[:4] == ["words", "scene", "ideas", "seen"]
    assert kinds.count("report") == kinds.count("scene") == 2
    assert kinds.count("compared") == 80
    assert kinds.count("seen") > 20
    assert not {"progress", "begun"} & {*kinds}


def test_no_path_of_the_machine_is_told() -> None:
    """Where the engine's socket was concerns nobody."""
    assert film.WHERE.sub("unix://…", '["unix:///home/a/b.sock", 1]') == '["unix://…", 1]'


def test_unplayed_scene_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a recording there is no film, and the command that makes one is said."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with pytest.raises(DriftError, match="has not shown yet") as caught:
        film.write(tmp_path / "talk.html")
    assert "stage --minutes 10" in caught.value.hint


def test_page_of_the_documents_is_of_today() -> None:
    """The page that the README links to has today's programs, and a whole talk."""
    page = (paths.root() / "docs" / "talk.html").read_text("utf-8")
    for name in ("state.js", "beamer.js", "style.css"):
        assert (FOLDER / name).read_text("utf-8") in page
    scenes = [each["name"] for each in told(page) if each["kind"] == "scene"]
    assert scenes == ["drift", "container"]
