"""The story on the terminal, and without one."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from deployment_drift.events import (
    Compared,
    Found,
    Measured,
    Progress,
    Report,
    StepDone,
    StepStarted,
)
from deployment_drift.records import Host
from deployment_drift.report.figures import DRAWN
from deployment_drift.report.language import Language, load
from deployment_drift.report.terminal import PLAIN, Narrator


def told(report: Report, *, terminal: bool) -> str:
    """Return all that a short scene writes."""
    out = StringIO()
    console = Console(file=out, width=100, highlight=False, force_terminal=terminal, no_color=True)
    narrator = Narrator(console, load("en"))
    narrator(StepStarted("images", 3))
    narrator(Progress("local", "Step 1/9 : FROM debian\x1b[2J"))
    narrator(Found("local/", "sha256:abc"))
    narrator(Compared(report.comparisons[0]))
    narrator(StepDone("images", 12.34))
    narrator(report)
    return out.getvalue()


def test_without_a_terminal_lines_are_plain(report: Report) -> None:
    """In a pipe every line of progress is a line, and nothing is drawn over."""
    text = told(report, terminal=False)
    assert "   local | Step 1/9 : FROM debian\\x1b[2J\n" in text
    assert "\x1b" not in text


def test_steps_have_numbers_and_seconds(report: Report) -> None:
    """A step shows its number, its sentence and its seconds, then what was found."""
    text = told(report, terminal=True)
    step = text.index("12.3 s")
    assert "3  Build the servers" in text
    assert text.index("sha256:abc") > step


def test_step_does_not_wipe_the_one_before() -> None:
    """What a step has found stays, however many lines of progress it had."""
    out = StringIO()
    narrator = Narrator(Console(file=out, width=100, force_terminal=True), load("en"))
    narrator(StepStarted("images", 3))
    for folder in ("local", "release", "container"):
        narrator(Progress(folder, "Step 1/9"))
    narrator.live.refresh()
    narrator(Found("local/", "sha256:abc"))
    narrator(StepDone("images", 12.34))
    narrator(StepStarted("hosts", 4))
    narrator.live.stop()
    lines_up = out.getvalue().partition("sha256:abc")[2].count("\x1b[1A")
    assert lines_up == 1  # its own


def test_kept_address_can_be_typed(report: Report) -> None:
    """An address with signs that a shell obeys is printed in quotes."""
    host = Host("local", "ssh://root@127.0.0.1:2?ssh_config=c&timeout=6", "")
    out = StringIO()
    narrator = Narrator(Console(file=out, width=100, highlight=False), load("en"), keep=True)
    narrator(replace(report, hosts=(host,)))
    assert f" '{host.address}'\n" in out.getvalue()


def test_builds_cannot_draw_on_the_terminal(report: Report) -> None:
    """What a build prints cannot clear the screen."""
    assert "\x1b[2J" not in told(report, terminal=True)


def test_progress_speaks_the_talks_language() -> None:
    """A line of progress that is ours is said in Japanese in a Japanese talk; a build's is not."""
    out = StringIO()
    narrator = Narrator(Console(file=out, width=100, highlight=False), load("ja"))
    narrator(Progress("machine", "answered", {"seconds": 2.5}))
    narrator(Progress("local", "Step 1/9"))
    assert out.getvalue() == "   machine | 2.5秒で応答\n   local | Step 1/9\n"


def test_nothing_is_cut_in_a_pipe() -> None:
    """A fact that is wider than the screen stands whole on one line where there is no terminal."""
    out = StringIO()
    narrator = Narrator(Console(file=out, width=100, **PLAIN), load("en"))
    narrator(StepStarted("hosts", 1))
    narrator(Found("release", "ssh://" + "x" * 300))
    narrator(StepDone("hosts", 1.0))
    assert f"ssh://{'x' * 300}\n" in out.getvalue()


def test_a_terminal_folds_what_is_too_wide() -> None:
    """On a terminal such a fact is folded, and none of it is lost."""
    out = StringIO()
    narrator = Narrator(Console(file=out, width=60, force_terminal=True, **PLAIN), load("en"))
    narrator(Found("release", "x" * 300))
    narrator(StepDone("hosts", 1.0))
    assert out.getvalue().count("x") == 300


@pytest.mark.parametrize(("figure", "drawn"), [(DRAWN, True), ("answer", False)])
def test_layers_are_drawn_before_the_verdict(report: Report, figure: str, *, drawn: bool) -> None:
    """What a scene has found below PHP is drawn in front of its last line, and set in no table."""
    out, asked = StringIO(), list[tuple[Report, str]]()

    def drawing(_: Language, told: Report, recorded: str) -> str:
        asked.append((told, recorded))
        return "drawn"

    screen = Console(file=out, width=100, **PLAIN)
    narrator = Narrator(screen, load("en"), recorded="2026-01-01", drawing=drawing)
    narrator(replace(report, measurements=(Measured("xen", figure, "guest Linux"),)))
    lines = out.getvalue().splitlines()
    assert [recorded for _, recorded in asked] == ["2026-01-01"] * drawn
    assert ("drawn" in lines) is drawn
    assert ("guest Linux" in out.getvalue()) is not drawn
    assert not drawn or lines.index("drawn") < len(lines) - 2
