"""A scene, told for people or for programs."""

import json
from pathlib import Path

import jsonschema
import pytest

from deployment_drift import show
from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import Listener, Report
from deployment_drift.probe.snapshot import schema


@pytest.fixture
def played(report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Report:
    """Let the scene be played without an engine: its report is made up."""

    def play(_scene: object, listener: Listener, **_: object) -> Report:
        listener(report)
        return report

    monkeypatch.setattr(show, "play", play)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return report


def scene(**options: bool) -> int:
    """Show the drift scene in English."""
    chosen = {"keep": False, "json": False, "full": False, **options}
    return show.scene("drift", lang="en", **chosen)


def test_story_ends_with_the_verdict(played: Report, capsys: pytest.CaptureFixture[str]) -> None:
    """People read the scene's title first and its verdict last."""
    assert played.verdict is Verdict.DRIFT
    assert scene() == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[0].startswith("A virtual machine here")
    assert lines[-1].startswith("DRIFT: 1 of 2")


@pytest.mark.usefixtures("played")
def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read one document and nothing else, as its schema promises."""
    assert scene(json=True) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), schema("report"))


def test_a_language_that_is_not_there_is_an_error() -> None:
    """Nothing is played in a language that nobody translated into."""
    with pytest.raises(DriftError, match="--lang fr"):
        show.scene("drift", lang="fr", keep=False, json=False, full=False)
