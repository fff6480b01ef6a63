"""Turns what happens on stage into what a page shows: plain data, each text in every language."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial, singledispatchmethod
from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from deployment_drift import scenes
from deployment_drift.cli import message
from deployment_drift.compare.comparison import Comparison
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
from deployment_drift.report.figures import MARKS as HELD
from deployment_drift.report.language import LANGUAGES, SPOKEN, Language, load
from deployment_drift.report.rows import MARKS, SAMPLE, chosen, found_in, hosts, row
from deployment_drift.report.table import bundled, sentence
from deployment_drift.report.terminal import console
from deployment_drift.stage.handout import KINDS, charts
from deployment_drift.stage.lectern import Lectern
from deployment_drift.stage.notes import QUESTION, Plan
from deployment_drift.stage.screen import commands, open_shell
from deployment_drift.values import harmless, sanitized

if TYPE_CHECKING:
    from deployment_drift.compare.finding import Finding
    from deployment_drift.stage.keys import Keys

Content = Mapping[str, Any]
Tell = Callable[[str, Content], None]
"""Takes what is shown: its kind, and its content."""
Texts = Mapping[str, str]
"""A text by the codes of the languages."""
OWN = "page."
"""How the names of the sentences begin that stand on pages by themselves."""
LAST = "stop"
"""The step behind which nothing of a scene runs."""
DIGEST = re.compile(r"\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b")
"""What is too long to be read from the last row, and as clear in short."""
PAGES = {
    "offer": "/offer.php?price=45&off=30",
    "find": "/find.php?over=500",
    "delivery": "/delivery.php",
}
"""Where the shop itself shows what a check has found."""


class Beamer(Lectern):
    """A listener, and the lectern of a talk that pages show.

    plan: the minute at which each step should begin. minutes: those of the whole talk.
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
        self._facts: list[str] = []
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
        self.ideas = [{"kind": "question", "text": both(partial(said, f"questions.{scene.name}"))}]
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
        self._facts.append(DIGEST.sub(r"\1…", f"{found.subject}  {found.fact}"))

    @_show.register
    def _(self, joined: HostJoined) -> None:
        host = joined.host
        self._hosts[host.name] = host
        self._facts += [f"{host.name}  {host.url}"] if host.url else []
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
        self._tell("report", told(report))

    def _about(self, scene: SceneStarted) -> Content:
        return {
            "name": scene.name,
            "title": both(partial(said, f"titles.{scene.name}")),
            "question": both(partial(said, f"questions.{scene.name}")),
            "due": self._plan.get((scene.name, QUESTION)),
            "steps": [self._step(scene.name, step) for step in scene.steps],
            "recorded": self.recorded,
        }

    def _step(self, scene: str, step: str) -> Content:
        return {
            "name": step,
            "title": both(partial(said, f"steps.{step}")),
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
        none = both(lambda language: language.say("stage.no_commands"))
        self._lay(dict.fromkeys(LANGUAGES, "\n".join(lines)) if lines else none)

    def shell(self) -> None:
        """Open a shell where the talk was started, until it is left there; the page says so."""
        if not sys.stdin.isatty():
            self._lay(both(lambda language: language.say("stage.no_terminal")))
            return
        self._tell("overlay", {"text": both(lambda language: language.say("stage.page_shell"))})
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
        self._tell("offer", {"text": both(lambda language: language.say("stage.offer", when=when))})


def inside(host: Host) -> str:
    """Return in which container it runs: that of an engine or of a machine, "" for none."""
    where = urlsplit(host.address)
    engine = parse_qs(where.query).get("context", [""])[0]
    return engine or (f"machine-{host.name}" if where.scheme == "ssh" else "")


def words() -> Mapping[str, Any]:
    """Return what stands on the pages by itself."""
    spoken = load(SPOKEN)
    named = [name for name in spoken.sentences if name.startswith(OWN)]
    own = {name.removeprefix(OWN): both(partial(raw, name)) for name in named}
    subjects = {name: both(partial(said, f"subjects.{name}")) for name in spoken.subjects}
    layers = scenes.read(KINDS)["layers"]
    return {**layers, **own, "subjects": subjects}


def said(name: str, language: Language) -> str:
    """Return a sentence that has no places."""
    return language.say(name)


def raw(name: str, language: Language) -> str:
    """Return a sentence with its places, which a page fills in."""
    return language.sentences[name]


def both(say: Callable[[Language], str]) -> Texts:
    """Return a text in every language."""
    return {code: say(load(code)) for code in LANGUAGES}


def tile(made: Comparison) -> Content:
    """Return a check as the wall has it."""
    mark, _ = MARKS[made.verdict]
    return {
        "name": harmless(made.check.name),
        "subject": harmless(made.check.subject),
        "title": both(lambda language: harmless(language.title(made.check))),
        "verdict": made.verdict,
        "mark": mark,
    }


def statement(shown: Shown) -> Content:
    """Return a statement as an idea."""
    mark, _ = HELD[shown.holds]
    said = both(lambda language: language.say(f"statements.{shown.name}", **shown.values))
    return {"kind": "statement", "text": said, "mark": mark, "holds": shown.holds}


def difference(finding: "Finding", names: Sequence[str]) -> Content:
    """Return a row of the table as an idea: what it is, each host's answer, why it matters."""
    rows = {code: row(finding, load(code), places=False) for code in LANGUAGES}
    cells = {
        code: [" ".join(line.text for line in cell) for cell in made.cells]
        for code, made in rows.items()
    }
    return {
        "kind": "difference",
        "text": {code: made.name for code, made in rows.items()},
        "answers": [
            {"host": host, "text": {code: each[place] for code, each in cells.items()}}
            for place, host in enumerate(names[: min(map(len, cells.values()))])
        ],
        "why": {code: " ".join(line.text for line in made.why) for code, made in rows.items()},
        "check": finding.check.name,
        "verdict": finding.verdict,
        "mark": rows[LANGUAGES[0]].mark.text,
        "page": PAGES.get(finding.check.name, ""),
    }


def told(report: Report) -> Content:
    """Return what a scene came to: in a sentence, and what was measured as bars."""
    drawn = {code: list(charts(report, load(code))) for code in LANGUAGES}
    return {
        "verdict": report.verdict,
        "as_expected": report.verdict is report.expects,
        "text": both(lambda language: sentence(report, language)),
        "charts": drawn,
    }
