"""A scene, told for people or for programs."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest

from deployment_drift import show
from deployment_drift.cli import Telling
from deployment_drift.compare.comparison import Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import Listener, Measured, Report, SceneStarted
from deployment_drift.probe.snapshot import schema
from deployment_drift.records import Observation, Status
from deployment_drift.report.figures import DRAWN
from deployment_drift.scene import Scene


@pytest.fixture
def played(report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Report:
    """Let the scene be played without an engine: its report is made up."""

    def play(scene: Scene, *listeners: Listener, **_: object) -> Report:
        for listener in listeners:
            listener(SceneStarted(scene.name, scene.expects, tuple(scene.steps)))
            listener(report)
        sys.stdout.write("printed by a conftest.py\n" * (not listeners))
        return report

    monkeypatch.setattr(show, "play", play)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return report


def scene(*, json: bool = False, events: str = "") -> int:
    """Show the drift scene in English."""
    return show.scene("drift", Telling("en", json=json, events=events))


def test_story_ends_with_the_verdict(played: Report, capsys: pytest.CaptureFixture[str]) -> None:
    """People read the scene's title first and its verdict last."""
    assert played.verdict is Verdict.DRIFT
    assert scene() == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[0].startswith("A virtual machine here")
    assert lines[-1].startswith("DRIFT: 1 of 2")


def test_layers_that_were_found_are_drawn(
    report: Report,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A scene that has found what lies below PHP draws it beside what others have found."""
    layers = Measured("xen", DRAWN, "computer QEMU, hypervisor Xen 4.17, guest Linux 6.1")
    told = replace(report, scene="hypervisor", measurements=(layers,))

    def play(_: Scene, *listeners: Listener, **__: object) -> Report:
        for listener in listeners:
            listener(told)
        return told

    monkeypatch.setattr(show, "play", play)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    show.scene("hypervisor", Telling("en"))
    said = capsys.readouterr().out
    assert "Xen 4.17" in said
    assert "found just now" in said


@pytest.mark.usefixtures("played")
def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read one document and nothing else, as its schema promises."""
    assert scene(json=True) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), schema("report"))


def test_a_language_that_is_not_there_is_an_error() -> None:
    """Nothing is played in a language that nobody translated into."""
    with pytest.raises(DriftError, match="--lang fr"):
        show.scene("drift", Telling("fr"))


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize("json_too", [False, True])
def test_events_are_lines_of_a_file(tmp_path: Path, *, json_too: bool) -> None:
    """Whoever asks for the events gets one JSON object a line, from the start to the report."""
    path = tmp_path / "events.jsonl"
    assert scene(events=str(path), json=json_too) == 0
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert [each["event"] for each in told] == ["scene_started", "report"]
    assert told[0]["steps"][0] == "engine"
    assert told[1]["verdict"] == "drift"


def test_events_that_cannot_be_written_are_an_error(tmp_path: Path) -> None:
    """Nothing is played when there is nowhere to write its events."""
    with pytest.raises(DriftError, match="could not be written: Is a directory"):
        scene(events=str(tmp_path))


@pytest.mark.usefixtures("short_program")
def test_a_project_file_says_what_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder with a drift.toml, nothing has to be typed; what is typed goes before it."""
    ours = tmp_path / "checks" / "test_ours.py"
    ours.parent.mkdir()
    ours.write_text(
        "def test_shell(same): assert same(lambda host: host.check_output('echo $0'))\n"
    )
    said = 'local = "local://"\nrelease = ["local://"]\nchecks = "checks"\n'
    (tmp_path / "drift.toml").write_text(said)
    monkeypatch.chdir(tmp_path)
    assert show.comparison([""], Telling("en")) == 0
    assert "Little was compared: 1 of 1" in " ".join(capsys.readouterr().out.split())
    assert show.comparison([""], Telling("en"), expect="php") == 2
    (tmp_path / "drift.toml").write_text(f'{said}expect = ["php"]\n')
    assert show.comparison([""], Telling("en")) == 2
    assert "expected but not found: php on local, release" in capsys.readouterr().out
    (tmp_path / "drift.toml").unlink()
    with pytest.raises(DriftError, match="the hosts to compare are missing"):
        show.comparison([""], Telling("en"))


def test_a_snapshot_names_the_reasons_of_what_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commonest reasons are told, each once and harmless, and how many more there are."""
    reasons = ["no sudo", "no\x1b[31m", "no sudo", *map(str, range(show.REASONS))]
    seen = [Observation(Status.UNKNOWN, reason=reason) for reason in reasons]
    taken = SimpleNamespace(observations=dict(enumerate([*seen, Observation(Status.VALUE, 1)])))
    monkeypatch.setattr("deployment_drift.scenes.compare.remember", lambda *_: taken)
    assert show.snapshot("local://", "out.json") == 2
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == [
        "out.json: 9 observations of local://, 8 of them unknown",
        "    2: no sudo",
        "    1: no\\x1b[31m",
    ]
    assert told[-1] == "       and 2 reasons more, which are in the file"


def test_a_project_file_says_what_the_script_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`snapshot --script` in a project's folder asks its applications and its pages."""
    (tmp_path / "drift.toml").write_text("applications = ['/srv/app']\n[[pages]]\npath = '/up'\n")
    monkeypatch.chdir(tmp_path)
    assert show.script() == 0
    printed = capsys.readouterr().out
    assert "apps=/srv/app\n" in printed
    assert "web_pages='page /up" in printed
