"""The speaker's screen: one idea at a time, the newest where all can read it, each on a key."""

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from shlex import quote
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from deployment_drift import scenes
from deployment_drift.cli import message
from deployment_drift.errors import DriftError
from deployment_drift.events import (
    Compared,
    Event,
    HostJoined,
    Report,
    SceneStarted,
    Shown,
    StepStarted,
)
from deployment_drift.records import Host, Verdict
from deployment_drift.report.language import Language
from deployment_drift.report.rows import SAMPLE, chosen, found_in, hosts, row
from deployment_drift.report.table import bundled
from deployment_drift.report.terminal import Narrator, spread
from deployment_drift.stage.keys import Keys
from deployment_drift.stage.lectern import Lectern
from deployment_drift.values import sanitized

if TYPE_CHECKING:
    from deployment_drift.compare.comparison import Comparison
    from deployment_drift.report.layout import Row


class Idea:
    """One thing to say: as it is shown first, and on the one line that it has later."""

    def __init__(self, text: Text, short: Text | None = None) -> None:
        self.text = text
        self.short = short or Text(" ").join(text.split())


class Stage(Narrator, Lectern):
    """A listener that shows one idea at a time, and the gate at which a speaker waits."""

    def __init__(self, console: Console, language: Language, keys: Keys, **how: Any) -> None:  # noqa: ANN401 -- Narrator's options
        super().__init__(console, language, **how)
        self.keys = keys
        self.scene = ""
        self.steps: Sequence[str] = ()
        self.played = ""
        self.seconds = ""
        self.hosts: dict[str, Host] = {}
        self.statements: list[Text] = []
        self.compared: list[Comparison] = []
        self.ideas: list[Idea] = []
        self.seen = 1

    def __call__(self, event: Event) -> None:
        """Tell one event, and keep what the speaker will go through."""
        event = event if isinstance(event, Compared) else sanitized(event)
        if isinstance(event, SceneStarted):
            self.begin(event)
            return
        if isinstance(event, StepStarted | Report):
            self.console.clear()
        self.tell(event)
        if isinstance(event, StepStarted):
            self.played = event.name
            self.statements.clear()
            self.compared.clear()
        elif isinstance(event, Shown):
            self.statements.append(self.facts.pop())
        elif isinstance(event, Compared):
            self.compared.append(event.comparison)
        elif isinstance(event, HostJoined):
            self.hosts[event.host.name] = event.host

    def begin(self, scene: SceneStarted) -> None:
        """Begin with the question that the scene answers."""
        self.scene, self.steps = scene.name, scene.steps
        self.step = self.played = self.seconds = ""
        self.hosts.clear()
        self.ideas = [Idea(Text(self.language.say(f"questions.{scene.name}")))]

    def conclude(self, seconds: str) -> None:
        """Keep what a step has found, one idea each: the facts, the statements, what differs."""
        self.seconds = seconds
        shown = [Idea(Text("\n").join(self.facts))] if self.facts else []
        shown += map(Idea, self.statements)
        self.ideas = [*shown, *self.differences()]

    def differences(self) -> list["Idea"]:
        """Return what the last step's answers come to, the first few rows of it."""
        if not self.compared:
            return []
        made = tuple(self.compared)
        unknown = Verdict.UNKNOWN
        report = sanitized(Report(self.scene, unknown, unknown, (), made))
        found = bundled(found_in(report, self.language))
        told = chosen(found, report, self.language, full=False)[:SAMPLE]
        names = hosts(report)
        return [idea(row(each, self.language, places=False), names) for each in told]

    def draw(self) -> None:
        """Draw the step: what was seen before, and the newest idea where all can read it."""
        self.console.clear()
        if self.console.is_terminal:
            place = f"{self._place()}/{len(self.steps)}"
            title = self.language.say(f"titles.{self.scene}")
            self.console.print(spread(title, place, self.console.width), style="dim")
            self.remind()
            self.console.print()
            self.console.print(spread(self.step, self.seconds, self.console.width))
            self.console.print()
            for each in self.ideas[: self.seen - 1]:
                self.console.print(Text("   ").append_text(each.short), style="dim")
        if self.ideas:
            newest = self.ideas[self.seen - 1].text
            self.console.print(Panel(newest, box=box.HEAVY, padding=(1, 2), style="bold"))
        if self.console.is_terminal:
            self.console.print(Text(self.language.say("stage.keys", last=len(self.steps)), "dim"))

    def _place(self) -> int:
        return self.steps.index(self.played) + 1 if self.played else 0

    def show(self, lines: Sequence[str]) -> None:
        """Show lines as they are, to be copied, until a key is pressed."""
        self.console.print(*(Text(line) for line in lines), sep="\n", soft_wrap=True)
        self.keys.read()

    def show_commands(self) -> None:
        """Show what could be typed to see what the last step has shown."""
        self.show(self.commands() or [self.language.say("stage.no_commands")])

    def help(self) -> None:
        """Say what each key does."""
        self.show(self.language.say("stage.help", last=len(self.steps)).splitlines())

    def fail(self, error: DriftError) -> None:
        """Tell that a scene cannot go on."""
        self.console.print(message(error), style="bold red")

    def offer(self, when: str) -> None:
        """Offer what was recorded then."""
        self.console.print(self.language.say("stage.offer", when=when))

    def end(self) -> None:
        """Stop whatever moves."""
        self.live.stop()

    def commands(self) -> list[str]:
        """Return what could be typed to see what the last step has shown."""
        return commands(self.scene, self.played, self.hosts.values())

    def shell(self) -> None:
        """Open a shell that knows the servers, until it is left."""
        self.console.clear()
        with self.keys.lent():
            open_shell(self.console, self.language, self.hosts.values())


def idea(shown: "Row", names: Sequence[str]) -> Idea:
    """Return a row as an audience reads it: what it is, each host's answer, why it matters."""
    heading = Text.assemble((shown.mark.text, shown.mark.style), " ", shown.name)
    answers = [
        Text.assemble(f"{name}  ", (line.text, line.style))
        for name, cell in zip(names, shown.cells, strict=False)
        for line in cell
    ]
    why = [Text(line.text, f"not bold {line.style}") for line in shown.why]
    text = Text("\n   ").join([heading, *answers, *why])
    return Idea(text, Text("  ").join([heading, *answers]))


def addresses(hosts: Iterable[Host]) -> dict[str, str]:
    """Return the servers' names and pages as a shell's variables: `local`, `local_url`.

    What else leads to a server is one, too: `local_config` and `local_context` for docker's client.
    """
    known: dict[str, str] = {}
    for host in hosts:
        name = host.name.replace("-", "_")
        place, _, query = host.address.partition("://")[2].partition("?")
        known |= {name: place, **{f"{name}_{key}": value for key, value in parse_qsl(query)}}
        known |= {f"{name}_url": host.url} if host.url else {}
    return known


def open_shell(console: Console, language: Language, hosts: Iterable[Host]) -> None:
    """Open a shell on the terminal that knows the servers, and wait until it is left."""
    variables = {name.upper(): value for name, value in addresses(hosts).items()}
    console.print(*(f"{name}={value}" for name, value in variables.items()), sep="\n")
    console.print(Text(language.say("stage.shell"), "dim"))
    shell = os.environ.get("SHELL", "/bin/sh")
    subprocess.run([shell], env={**os.environ, **variables}, check=False)


def commands(scene: str, step: str, hosts: Iterable[Host]) -> list[str]:
    """Return what could be typed at a step: lines of sh, those whose servers run."""
    words: Mapping[str, Any] = scenes.read(scenes.folder(scene) / "words.toml")
    known = addresses(hosts)
    templates = [Template(line) for line in words.get("typed", {}).get(step, ())]
    quoted = {name: quote(value) for name, value in known.items()}
    return [t.substitute(quoted) for t in templates if {*t.get_identifiers()} <= known.keys()]
