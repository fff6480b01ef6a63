"""Tells a scene on the terminal while it is played, and ends with the table."""

import sys
from collections.abc import Callable
from functools import singledispatchmethod
from shlex import quote
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from deployment_drift.events import (
    Compared,
    Event,
    Found,
    HostJoined,
    Measured,
    Progress,
    Report,
    Running,
    SceneStarted,
    Shown,
    StepDone,
    StepStarted,
)
from deployment_drift.paths import typed
from deployment_drift.report.language import Language
from deployment_drift.values import harmless, sanitized

WIDTH = 100  # of lines where there is no terminal that has a width of its own
WIDEST = 1000  # where nothing shall be folded that somebody may want to copy
MARKED = "bold black on yellow"

PLAIN: Any = {"highlight": False, "markup": False, "emoji": False}
"""Of a console: nothing in what it prints is obeyed."""


Drawing = Callable[[Language, Report, str], RenderableType]
"""Draws in a language what a report has found, and says when that was, if not now."""


class _Screen(Console):
    """A console that leaves it to others to end the process where nobody reads on."""

    def on_broken_pipe(self) -> None:
        """Raise the error that was caught."""
        self.quiet = True
        raise  # noqa: PLE0704 -- called while it is handled


def console(width: int = WIDTH) -> Console:
    """Return a console that obeys nothing in what it prints: as wide as a terminal is."""
    return _Screen(width=None if sys.stdout.isatty() else width, **PLAIN)


class Narrator:
    """A listener that writes to a console: progress that passes, facts that stay.

    recorded: when that was which is told, "" where it happens now. drawing: what draws a scene's
    layers beside those of others, if its report has any.
    """

    def __init__(  # noqa: PLR0913 -- what is told, and how
        self,
        console: Console,
        language: Language,
        *,
        full: bool = False,
        keep: bool = False,
        recorded: str = "",
        drawing: Drawing | None = None,
    ) -> None:
        self.console = console
        self.language = language
        self.full = full
        self.keep = keep
        self.recorded = recorded
        self.drawing = drawing
        self.step = ""
        self.latest: dict[str, str] = {}
        self.facts: list[Text] = []
        self.spinner = Spinner("line")
        self.live = self.fresh()

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        self.tell(event if isinstance(event, Compared) else sanitized(event))

    @singledispatchmethod
    def tell(self, event: Event) -> None:
        """Say what the kind of event asks for."""
        raise NotImplementedError(event)

    @tell.register
    def _(self, event: SceneStarted) -> None:
        self.console.print(f"\n{self.language.say(f'titles.{event.name}')}\n", style="bold")
        self.remind()

    @tell.register
    def _(self, event: StepStarted) -> None:
        name = "kept" if event.name == "stop" and self.keep else event.name
        self.step = f"{event.number}  {self.language.say(f'steps.{name}')}"
        self.latest.clear()
        self.facts.clear()
        if self.console.is_terminal:
            self.live = self.fresh()
            self.live.start()
        else:
            self.console.print(self.step)

    @tell.register
    def _(self, event: Progress) -> None:
        line = self.language.progress(event).strip()
        self.latest[event.subject] = line
        if not self.console.is_terminal and line:
            self.console.print(Text(f"   {event.subject} | {line}"), soft_wrap=True)

    @tell.register
    def _(self, event: Found) -> None:
        fact = self.language.fact(event)
        line = Text.assemble("   ", (event.subject, "cyan"), "  ", fact, overflow="fold")
        self.facts.append(line)

    @tell.register
    def _(self, event: HostJoined) -> None:
        host = event.host
        if host.url:
            self.tell(Found(host.name, f"{host.url}  {host.image}"))

    @tell.register
    def _(self, event: Running) -> None:
        """Leave what runs to a page that can draw it."""

    @tell.register
    def _(self, event: Compared) -> None:
        self.latest = {"": harmless(self.language.title(event.comparison.check))}

    @tell.register
    def _(self, event: Shown) -> None:
        from deployment_drift.report.figures import statement

        self.facts.append(statement(event, self.language))

    @tell.register
    def _(self, event: Measured) -> None:
        self.latest = {event.subject: f"{event.figure} {event.value} {event.unit}"}

    @tell.register
    def _(self, event: StepDone) -> None:
        self.live.stop()
        self.conclude(self.language.say("verdicts.seconds", seconds=event.seconds))

    @tell.register
    def _(self, report: Report) -> None:
        from deployment_drift.report.figures import bars, figures, is_drawn
        from deployment_drift.report.table import ending

        self.console.print()
        if report.measurements:
            self.console.print(figures(report, self.language), *bars(report, self.language))
        if self.drawing and is_drawn(report):
            self.console.print(self.drawing(self.language, report, self.recorded))
        self.console.print(ending(report, self.language, full=self.full))
        self.remind()
        if self.keep:
            self.tell_kept(report)

    def tell_kept(self, report: Report) -> None:
        """Say where the servers are that go on running, and what removes them."""
        self.console.print(f"\n{self.language.say('kept.servers', command=typed('clean'))}")
        for host in report.hosts:
            address = quote(host.address)  # as it can be typed: an ssh address has an &
            self.console.print(f"   {host.name}  {host.url}  {address}", soft_wrap=True)

    def remind(self) -> None:
        """Say that nothing of what is shown runs now, where it was recorded."""
        for line in self.mark():
            self.console.print(line)

    def mark(self) -> list[Text]:
        """Return the line that says so, none where it happens now."""
        said = self.language.say("stage.recorded", when=self.recorded)
        return [Text(said, MARKED)] if self.recorded else []

    def conclude(self, seconds: str) -> None:
        """Write what a step has found below its name and its seconds."""
        heading = self.step if self.console.is_terminal else ""
        for line in (spread(heading, seconds, self.console.width), *self.facts):
            self.console.print(line, soft_wrap=not self.console.is_terminal)

    def fresh(self) -> Live:
        """Return a display for a step: one that starts again wipes as many lines as it had."""
        return Live(console=self.console, transient=True, get_renderable=self.display)

    def display(self) -> Group:
        """Draw the running step: a sign of life, and the latest line of each subject."""
        width = self.console.width - 4
        lines = [Text(f"   {s}  {line}"[:width], "dim") for s, line in self.latest.items()]
        self.spinner.update(text=Text(self.step, "bold"))
        return Group(*self.mark(), self.spinner, *lines)


def spread(left: str, right: str, width: int) -> Text:
    """Return a line with something at each of its ends."""
    text = Text(left, "bold")
    gap = width - text.cell_len - Text(right).cell_len - 1
    return text.append(" " * max(gap, 1)).append(right, "not bold green")
