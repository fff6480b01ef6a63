"""The talk, played for real: on a terminal with a speaker's keys, and by itself."""

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import docker
import pytest

from deployment_drift import paths
from deployment_drift.engine import leftovers
from deployment_drift.engine.engines import Engine
from deployment_drift.report.language import load
from deployment_drift.scene import Scene
from deployment_drift.scenes import find
from deployment_drift.waiting import until
from tests.demo.conftest import Invoke, only
from tests.demo.relay import relayed
from tests.demo.test_bad_days import ours
from tests.demo.typist import Typist

PATIENCE = 600  # seconds: alone, a scene builds first
SERVERS = 2
STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A terminal of 100 columns on which a command was typed."""

    def __init__(self, *words: str, **variables: str) -> None:
        self.speaker, program = pty.openpty()
        self.process = subprocess.Popen(
            ["./invoke", *words],
            cwd=paths.root(),
            env={**os.environ, "LANG": "C.UTF-8", "TERM": "xterm", "COLUMNS": "100", **variables},
            stdin=program,
            stdout=program,
            stderr=program,
            start_new_session=True,
        )
        os.close(program)

    def press(self, key: str) -> None:
        """Press a key."""
        os.write(self.speaker, key.encode())

    def until(self, words: str) -> str:
        """Return what was written until these words stand there, and nothing follows them."""
        seen, late = "", time.monotonic() + PATIENCE
        while time.monotonic() < late:
            more = self._read() if select.select([self.speaker], [], [], 0.2)[0] else ""
            if not more and re.search(words, seen):
                return seen
            seen = STYLE.sub("", seen + more)
        raise AssertionError(seen[-3000:])

    def _read(self) -> str:
        try:
            return os.read(self.speaker, 65536).decode(errors="replace")
        except OSError:  # the other end is closed
            time.sleep(0.2)
            return ""


@pytest.fixture
def terminal(engine: Engine) -> Iterator[Terminal]:
    """Give a terminal on which a scene is played step by step."""
    shown = Terminal("demo-drift", "--step", **engine.environment, SHELL="/bin/sh")
    yield shown
    shown.process.kill()
    shown.process.wait()
    os.close(shown.speaker)


def test_speaker_leads(terminal: Terminal) -> None:
    """From the question over every idea a key leads; back, to a step, into a shell, and out."""
    language, foot = load("en"), "q leave"
    assert language.say("questions.drift") in terminal.until(foot)
    terminal.press("5")
    assert "¥45 at 30 % off" in terminal.until(rf"\b32\b[\s\S]*{foot}")
    terminal.press("\x1b[6~")
    assert "Search page" in terminal.until(foot)
    terminal.press("c")
    assert "docker exec drift-local" in terminal.until("php --version")
    terminal.press(" ")
    terminal.until(foot)
    terminal.press("s")
    terminal.until("LOCAL=drift-local")
    terminal.press("docker exec $LOCAL php --version; echo status $?; exit\n")
    assert re.search(r"PHP 8\.\d", terminal.until(r"status 0[\s\S]*q leave"))
    terminal.press("b")
    assert "Search page" not in terminal.until(rf"¥45 at 30 % off[\s\S]*{foot}")
    terminal.press("q")
    terminal.until("Stopped; nothing is left running.")
    assert terminal.process.wait(PATIENCE) == 130


def test_talk_plays_by_itself(invoke: Invoke) -> None:
    """A talk of ten minutes needs no speaker: each question and each answer, in their order."""
    told = invoke("talk", "--minutes", "10", "--auto", "0").expect(0)
    said = load("en").say
    names = [
        f"{kind}.{scene}" for scene in ("drift", "container") for kind in ("questions", "ends")
    ]
    places = [told.index(said(name)) for name in names]
    assert places == sorted(places)


def test_scene_that_fails_does_not_end_the_talk(invoke: Invoke) -> None:
    """What cannot be played is told, and the next scene has its turn; the status says it."""
    ended = invoke("talk", "--auto", "0", DOCKER_HOST="unix:///nowhere.sock")
    assert ended.status == 2
    assert ended.out.count("Error: ") == 2


@pytest.mark.parametrize("scene", [find("drift"), find("container")])
def test_what_could_be_typed_gives_what_was_shown(scene: Scene) -> None:
    """Each command of a scene's steps, typed by hand, gives something that the stage showed."""
    typist = Typist(scene)
    assert typist.play().status == 0
    assert len(typist.typed) >= 5
    assert typist.mistaken() == []


def test_first_steps_of_a_long_scene_can_be_typed() -> None:
    """The same where a scene's later steps have nothing to type."""
    typist = Typist(only("startup", "engine", "bases", "images", "containers", "stop"))
    typist.play()
    assert len(typist.typed) == 3
    assert typist.mistaken() == []


@pytest.mark.usefixtures("shown_before")
def test_engine_is_lost_in_the_middle(engine: Engine, docker_client: docker.DockerClient) -> None:
    """What was not seen is unknown; `r` shows the recorded run, and the next scene cleans up."""
    with TemporaryDirectory() as folder, relayed(Path(folder), engine.url) as relay:
        terminal = Terminal("talk", DOCKER_HOST=relay.url)
        terminal.until("q leave")
        terminal.press("4")
        terminal.until(r"http://127[\s\S]*q leave")
        relay.cut()
        terminal.press(" ")
        assert "unknown" in terminal.until("q leave")
        terminal.press("r")
        terminal.until("stopped answering[\\s\\S]*r shows how it went on")
        terminal.press("r")
        assert "¥45" in terminal.until("Recorded on[\\s\\S]*q leave")
        terminal.press("q")
        terminal.until("Stopped; what ran on the engine that was lost")
        assert terminal.process.wait(PATIENCE) == 130
    os.close(terminal.speaker)
    leftovers.sweep(engine)
    assert ours(docker_client) == 0


def test_ctrl_c_in_a_step(terminal: Terminal, docker_client: docker.DockerClient) -> None:
    """Ctrl-C while servers are asked ends the talk with 130, and takes them away."""
    terminal.until("q leave")
    terminal.press("5")
    assert until(lambda: ours(docker_client) == SERVERS, limit=PATIENCE, pause=0.1)
    os.killpg(terminal.process.pid, signal.SIGINT)
    terminal.until("Stopped; nothing is left running.")
    assert terminal.process.wait(PATIENCE) == 130
    assert ours(docker_client) == 0
