"""The speaker's screen: what it shows, and where its keys lead."""

import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from string import Template

import pytest
from rich.console import Console

from deployment_drift import scenes
from deployment_drift.compare.comparison import Check, Comparison, Verdict
from deployment_drift.events import Compared, Found, HostJoined, Shown, StepDone
from deployment_drift.records import Host
from deployment_drift.report.language import Language, load
from deployment_drift.run import Run, play
from deployment_drift.scene import Scene
from deployment_drift.stage.screen import Stage, addresses, commands
from tests.unit.conftest import Compare

Keys = Callable[[Stage], None]
LOCAL = Host("local", "docker://drift-local", "sha256:1", "http://127.0.0.1:1")
RELEASE = Host("release", "docker://drift-release")


class Typed:
    """Keys that were typed before the talk began; behind the last it is left."""

    def __init__(self, typed: Sequence[str]) -> None:
        self._typed = iter([*typed, "q"])
        self.lendings = 0

    def read(self, limit: float | None = None) -> str:
        """Return the next key."""
        del limit
        return next(self._typed)

    def forget(self) -> None:
        """Forget nothing."""

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend the terminal, and count it."""
        self.lendings += 1
        yield


@pytest.fixture
def screen() -> io.StringIO:
    """Give what a terminal would show."""
    return io.StringIO()


def stage(screen: io.StringIO, *typed: str, language: Language | None = None) -> Stage:
    """Return the screen of a speaker who types this."""
    console = Console(file=screen, force_terminal=True, width=100, height=40, color_system=None)
    return Stage(console, language or load("en"), Typed(typed))


def pages(screen: io.StringIO) -> list[str]:
    """Return what was on the screen from one clearing to the next."""
    _, *shown = screen.getvalue().split("\x1b[2J")
    return [re.sub(r"\x1b\S*?[A-Za-z]", "", page) for page in shown]


def called(made: Comparison, title: str, why: str) -> Compared:
    """Return a comparison of a check with this title."""
    return Compared(replace(made, check=Check(title, "shop", title, why)))


def scene(compare: Compare) -> Scene:
    """Return a scene whose steps have facts, statements and answers to show."""

    def hosts(run: Run) -> None:
        run.serve([LOCAL, RELEASE])
        run.tell(Found("image", "sha256:1"))

    def state(run: Run) -> None:
        run.show("one_kernel", holds=True, kernel="6.1")
        run.show("linux_only", holds=False, system="Linux")

    def ask(run: Run) -> None:
        run.tell(called(compare(31, 32), "¥45 at 30 % off", "an invoice is wrong"))
        run.tell(called(compare("a", "b"), "Another", "less"))

    steps = {"hosts": hosts, "kernel": state, "checks": ask}
    return Scene("drift", Verdict.DRIFT, steps)


def played(stage: Stage, scene: Scene, root: Path) -> list[str]:
    """Play a scene, and return the steps that were played until it was left."""
    seen: list[str] = []

    def note(event: object) -> None:
        if isinstance(event, StepDone):
            seen.append(event.name)

    try:
        play(scene, stage, note, root=root, gate=stage.gate)
    except KeyboardInterrupt:
        seen.append("left")
    finally:
        stage.live.stop()
    return seen


def test_first_is_the_question(screen: io.StringIO, tmp_path: Path, compare: Compare) -> None:
    """Nothing is played before the audience has read what is asked."""
    assert played(stage(screen), scene(compare), tmp_path) == ["left"]
    (page,) = pages(screen)
    assert load("en").say("questions.drift") in page


def test_one_idea_a_key(screen: io.StringIO, tmp_path: Path, compare: Compare) -> None:
    """A step's statements come one by one, the newest in a frame, the earlier on a line each."""
    nexts = ["next"] * 3
    assert played(stage(screen, *nexts), scene(compare), tmp_path) == ["hosts", "kernel", "left"]
    one = load("en").say("statements.one_kernel", kernel="6.1")
    two = load("en").say("statements.linux_only", system="Linux")
    before, after = pages(screen)[-2:]
    assert re.search(rf"┃\s+✓ {re.escape(one)}", before)
    assert two not in before
    assert f"   ✓ {one}" in after
    assert re.search(rf"┃\s+✗ {re.escape(two)}", after)


def test_differences_come_one_by_one(screen: io.StringIO, tmp_path: Path, compare: Compare) -> None:
    """What differs is one idea each: what it is, each host's answer, why it matters."""
    played(stage(screen, *["next"] * 5), scene(compare), tmp_path)
    first, second = pages(screen)[-2:]
    assert re.search(r"✗ ¥45 at 30 % off\s+┃\n┃\s+local  31\s+┃\n┃\s+release  32\s+┃", first)
    assert "an invoice is wrong" in first
    assert "Another" not in first
    assert "   ✗ ¥45 at 30 % off  local  31  release  32" in second
    assert "Another" in second


def test_last_is_the_answer(screen: io.StringIO, tmp_path: Path, compare: Compare) -> None:
    """Behind the last idea stands the verdict, with the table."""
    assert played(stage(screen, *["next"] * 6), scene(compare), tmp_path)[-1] == "checks"
    assert load("en").say("ends.drift") not in pages(screen)[-1]  # a statement did not hold
    assert "Another" in pages(screen)[-1]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["next", "back"], ["hosts", "hosts", "left"]),
        (["next", "next", "next", "1"], ["hosts", "kernel", "hosts", "left"]),
        (["3"], ["hosts", "kernel", "checks", "left"]),
        (["back", "4", "0", "x"], ["left"]),  # no step has been played, and none has this number
    ],
)
def test_keys_lead_to_steps(
    screen: io.StringIO, tmp_path: Path, compare: Compare, typed: list[str], expected: list[str]
) -> None:
    """`b` plays the last step again, a number leads to its step over all that this one needs."""
    assert played(stage(screen, *typed), scene(compare), tmp_path) == expected


def test_second_digit_is_waited_for(screen: io.StringIO) -> None:
    """Where there are so many steps, two digits make one number."""
    many = stage(screen, "2", "next")
    many.steps = [f"step{number}" for number in range(1, 13)]
    assert many.jump("1") == "step12"
    assert many.jump("1") == "step1"
    assert many.jump("3") == "step3"


def test_commands_name_what_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command has the servers' names and pages in it, quoted, as long as they run."""
    monkeypatch.setattr("deployment_drift.scenes.folder", lambda _: tmp_path)
    lines = ["docker exec $local php", "curl $local_url/a", "docker exec $other php"]
    (tmp_path / "words.toml").write_text(f"[typed]\nchecks = {lines}")
    assert commands("x", "checks", [LOCAL]) == [
        "docker exec drift-local php",
        "curl http://127.0.0.1:1/a",
    ]
    odd = Host("local", "ssh://a b;c")
    assert commands("x", "checks", [odd]) == ["docker exec 'a b;c' php"]
    assert commands("x", "hosts", [LOCAL]) == []


def test_keys_show_help_and_commands(screen: io.StringIO, tmp_path: Path, compare: Compare) -> None:
    """`?` explains each key, `c` shows what was typed, and any key leads back."""
    typed = ["?", "next", "next", "c", "x"]
    assert played(stage(screen, *typed), scene(compare), tmp_path) == ["hosts", "left"]
    told = "".join(pages(screen))
    assert "leave, and clean everything up" in told
    assert "docker inspect --format '{{.Name}} {{.Image}}' drift-local drift-release" in told


def test_shell_knows_the_servers(
    screen: io.StringIO, tmp_path: Path, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`s` gives the terminal to a shell that has the servers in its environment."""
    shell, seen = tmp_path / "shell", tmp_path / "seen"
    shell.write_text(f'#!/bin/sh\necho "$LOCAL $LOCAL_URL $RELEASE" >{seen}\n')
    shell.chmod(0o755)
    monkeypatch.setitem(os.environ, "SHELL", str(shell))
    talking = stage(screen, "next", "s")
    assert played(talking, scene(compare), tmp_path) == ["hosts", "left"]
    assert seen.read_text() == "drift-local http://127.0.0.1:1 drift-release\n"
    assert isinstance(talking.keys, Typed)
    assert talking.keys.lendings == 1


def test_hosts_values_are_harmless(screen: io.StringIO, tmp_path: Path, compare: Compare) -> None:
    """What a host sends cannot move the speaker's cursor."""

    def ask(run: Run) -> None:
        run.tell(called(compare("\x1b[2Ja", "b"), "Evil", "\x1b[2J"))
        run.tell(HostJoined(Host("local", "docker://\x1b[2Jb", url="http://\x07")))
        run.tell(Shown("one_kernel", holds=True, values={"kernel": "\x1b[2Jc"}))

    evil = Scene("drift", Verdict.DRIFT, {"checks": ask})
    played(stage(screen, "next", "next", "next"), evil, tmp_path)
    assert "\x07" not in screen.getvalue()
    assert len(pages(screen)) == 5  # the question, the start of the step, its three ideas


@pytest.mark.parametrize("told", scenes.story(), ids=lambda told: told.name)
def test_what_can_be_typed_belongs_to_a_step(told: Scene) -> None:
    """Each scene's commands stand at a step that it has, and can be filled in."""
    words = scenes.read(scenes.folder(told.name) / "words.toml").get("typed", {})
    assert words.keys() <= told.steps.keys()
    assert all(Template(line).is_valid() for lines in words.values() for line in lines)


def test_addresses_are_what_programs_take() -> None:
    """Of a server behind another engine, docker's client is told each part of the address."""
    behind = "docker://drift-release?config=%2Fhome%2Fx&context=engine"
    hosts = [
        Host("local", "docker://drift-local", "", "http://127.0.0.1:1"),
        Host("release-2", behind, ""),
    ]
    assert addresses(hosts) == {
        "local": "drift-local",
        "local_url": "http://127.0.0.1:1",
        "release_2": "drift-release",
        "release_2_config": "/home/x",
        "release_2_context": "engine",
    }
