"""What docs/architecture.md tells to write is written and played."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployment_drift import paths, scenes, targets
from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.report.language import load
from deployment_drift.run import play
from deployment_drift.targets.target import Target

PAGE = (paths.root() / "docs" / "architecture.md").read_text("utf-8")
FILE = re.compile(r"`((?:deployment_drift|tests)/[\w/]+\.\w+)`")


def block(heading: str, kind: str) -> str:
    """Return the first block of a kind below a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = re.search(rf"^```{kind}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def write(folder: Path, words: str) -> None:
    """Write the scene of the page into a folder of scenes."""
    (folder / "stars").mkdir()
    (folder / "stars" / "__init__.py").write_text(block("Add a scene", "python"), "utf-8")
    (folder / "stars" / "words.toml").write_text(words, "utf-8")


@pytest.fixture
def more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder whose scenes are found as well."""
    monkeypatch.setattr(scenes, "__path__", [*scenes.__path__, str(tmp_path)])
    load.cache_clear()
    yield tmp_path
    load.cache_clear()
    sys.modules.pop("deployment_drift.scenes.stars", None)


def test_a_scene(more: Path) -> None:
    """The scene of the page is found, speaks both languages, and shows what it states."""
    write(more, block("Add a scene", "toml"))
    scene = scenes.find("stars")
    assert scene in scenes.story()
    assert play(scene).verdict is Verdict.SHOWN
    assert load("ja").say("statements.clear") == "空は晴れている。"


def test_a_language(more: Path) -> None:
    """A third text beside the two is what a scene says in that language."""
    write(more, block("Add a language", "toml"))
    assert load("eo").say("titles.stars") == "Rigardu supren."


def test_a_check(tmp_path: Path) -> None:
    """The check of the page compares two hosts."""
    (tmp_path / "test_names.py").write_text(block("Add a check", "python"), "utf-8")
    heard: list[Comparison] = []
    checks.run(["local://", "local://"], heard.append, folder=tmp_path)
    (made,) = heard
    assert made.check.title == "Node name"
    assert made.verdict is Verdict.PARITY


def test_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind of the page starts what is to run there, and gives its hosts."""
    written: dict[str, Any] = {}
    exec(block("Add a target", "python"), written)  # noqa: S102 -- the page is ours
    kind: Any = "elsewhere"
    monkeypatch.setattr(targets, "kinds", lambda: {kind: written["start"]})
    nowhere: Any = None
    with targets.start(nowhere, nowhere, [Target("release", "image", kind=kind)]) as hosts:
        assert [host.address for host in hosts] == ["local://"]


def test_files_are_there() -> None:
    """Every file that the page names exists."""
    named = FILE.findall(PAGE)
    assert len(named) > 10
    assert [name for name in named if not (paths.root() / name).is_file()] == []
