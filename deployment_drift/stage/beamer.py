"""The lectern of a talk that pages show: tells them what happens, and what the speaker has seen."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import singledispatchmethod
from time import time
from typing import TYPE_CHECKING

from deployment_drift.cli import message
from deployment_drift.errors import DriftError
from deployment_drift.events import (
    Compared,
    Container,
    Event,
    Found,
    HostJoined,
    Progress,
    Report,
    Running,
    SceneStarted,
    Shown,
    StepDone,
    StepStarted,
)
from deployment_drift.records import Host, Verdict
from deployment_drift.report.language import LANGUAGES, Language
from deployment_drift.report.rows import SAMPLE, chosen, found_in, hosts
from deployment_drift.report.table import bundled
from deployment_drift.report.terminal import console
from deployment_drift.stage.content import (
    Content,
    Texts,
    both,
    difference,
    in_each,
    inside,
    statement,
    tile,
    told,
    words,
)
from deployment_drift.stage.lectern import Lectern
from deployment_drift.stage.notes import QUESTION, Plan
from deployment_drift.stage.screen import commands, open_shell
from deployment_drift.values import sanitized

if TYPE_CHECKING:
    from deployment_drift.compare.comparison import Comparison
    from deployment_drift.stage.keys import Keys

Tell = Callable[[str, Content], None]
"""Takes what is shown: its kind, and its content."""
LAST = "stop"
"""The step behind which nothing of a scene runs."""
DIGEST = re.compile(r"\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b")
"""What is too long to be read from the last row, and as clear in short."""


class Beamer(Lectern):
    """A listener, and the lectern of a talk that pages show.

    plan: the minute at which each step should begin.
    """

    def __init__(
        self, tell: Tell, language: Language, keys: "Keys", plan: Plan, *, recorded: str = ""
    ) -> None:
        self._tell = tell
        self.language = language
        self.keys = keys
        self.keep = False
        self.recorded = recorded
        self._plan = plan
        self.scene = self.played = ""
        self.steps: Sequence[str] = ()
        self.seen = 1
        self.ideas: list[Content] = []
        self._facts: list[Texts] = []
        self._compared: list[Comparison] = []
        self._hosts: dict[str, Host] = {}
        self._watched = False
        self._begun = False
        tell("words", {"words": words()})

    def __call__(self, event: Event) -> None:
        """Show one event, and keep what the speaker will go through."""
        self._show(event if isinstance(event, Compared) else sanitized(event))

    @singledispatchmethod
    def _show(self, event: Event) -> None:
        """Show what the kind of event asks for; most figures come with the report."""

    @_show.register
    def _(self, scene: SceneStarted) -> None:
        self.scene, self.steps = scene.name, scene.steps
        self.played, self._watched = "", False
        self._hosts.clear()
        self.ideas = [{"kind": "question", "text": in_each(f"questions.{scene.name}")}]
        self._tell("scene", self._about(scene))

    @_show.register
    def _(self, step: StepStarted) -> None:
        if not self._begun:
            self._begun = True
            self._tell("begun", {"at": time()})
        self.played = step.name
        self.ideas = []
        self._facts.clear()
        self._compared.clear()
        self._tell("step", {"name": step.name, "number": step.number})

    @_show.register
    def _(self, progress: Progress) -> None:
        text = both(lambda language: language.progress(progress).strip())
        self._tell("progress", {"subject": progress.subject, "text": text})

    @_show.register
    def _(self, found: Found) -> None:
        self._facts.append(
            both(lambda language: DIGEST.sub(r"\1…", f"{found.subject}  {language.fact(found)}"))
        )

    @_show.register
    def _(self, joined: HostJoined) -> None:
        host = joined.host
        self._hosts[host.name] = host
        self._facts += [both(lambda _: f"{host.name}  {host.url}")] if host.url else []
        self._tell("host", {"name": host.name, "url": host.url, "inside": inside(host)})
        if not self._watched:  # it was recorded without a page
            known = (Container(each.name, each.image) for each in self._hosts.values())
            self._tell("running", asdict(Running("", "", tuple(known))))

    @_show.register
    def _(self, running: Running) -> None:
        self._watched = bool(running.containers)
        self._tell("running", asdict(running))

    @_show.register
    def _(self, compared: Compared) -> None:
        self._compared.append(compared.comparison)
        self._tell("compared", tile(compared.comparison))

    @_show.register
    def _(self, shown: Shown) -> None:
        self.ideas.append(statement(shown))

    @_show.register
    def _(self, done: StepDone) -> None:
        if done.name == LAST and not self._watched:
            self._tell("running", asdict(Running("", "", ())))
        facts: Content = {"kind": "facts", "lines": [*self._facts]}
        self.ideas = [*([facts] if self._facts else []), *self.ideas, *self._differences()]
        self._tell("done", {"name": done.name, "seconds": round(done.seconds, 1)})

    @_show.register
    def _(self, report: Report) -> None:
        self._tell("report", told(report, self.recorded))

    def _about(self, scene: SceneStarted) -> Content:
        return {
            "name": scene.name,
            "title": in_each(f"titles.{scene.name}"),
            "question": in_each(f"questions.{scene.name}"),
            "due": self._plan.get((scene.name, QUESTION)),
            "steps": [self._step(scene.name, step) for step in scene.steps],
            "recorded": self.recorded,
        }

    def _step(self, scene: str, step: str) -> Content:
        return {
            "name": step,
            "title": in_each(f"steps.{step}"),
            "note": both(lambda language: language.note(scene, step)),
            "due": self._plan.get((scene, step)),
        }

    def _differences(self) -> Iterator[Content]:
        if self._compared:
            unknown = Verdict.UNKNOWN
            report = sanitized(Report(self.scene, unknown, unknown, (), tuple(self._compared)))
            found = bundled(found_in(report, self.language))
            shown = chosen(found, report, self.language, full=False)[:SAMPLE]
            yield from (difference(each, hosts(report)) for each in shown)

    def draw(self) -> None:
        """Show the newest idea; the ideas themselves are sent once."""
        if self.seen == 1:
            self._tell("ideas", {"ideas": self.ideas})
        self._tell("seen", {"count": self.seen})

    def show_commands(self) -> None:
        """Show what could be typed to see what the last step has shown, until a key is pressed."""
        lines = commands(self.scene, self.played, self._hosts.values())
        none = in_each("stage.no_commands")
        self._lay(dict.fromkeys(LANGUAGES, "\n".join(lines)) if lines else none)

    def shell(self) -> None:
        """Open a shell where the talk was started, until it is left there; the page says so."""
        if not sys.stdin.isatty():
            self._lay(in_each("stage.no_terminal"))
            return
        self._tell("overlay", {"text": in_each("stage.page_shell")})
        open_shell(console(), self.language, self._hosts.values())
        self._tell("overlay", {"text": None})
        self.keys.forget()

    def help(self) -> None:
        """Say what each key does, until one is pressed."""
        last = len(self.steps)
        self._lay(both(lambda language: language.say("stage.page_help", last=last).strip()))

    def _lay(self, text: Texts) -> None:
        self._tell("overlay", {"text": text})
        self.keys.read()
        self._tell("overlay", {"text": None})

    def fail(self, error: DriftError) -> None:
        """Tell that a scene cannot go on."""
        self._tell("failed", {"text": message(error)})

    def offer(self, when: str) -> None:
        """Offer what was recorded then."""
        self._tell("offer", {"text": in_each("stage.offer", when=when)})
