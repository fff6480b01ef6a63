"""Plays an exercise: the attempt is built and asked like any release, and told by its goal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from deployment_drift import steps
from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.finding import Finding
from deployment_drift.compare.inventory import first
from deployment_drift.errors import BuildError
from deployment_drift.events import Event, Report, SceneStarted
from deployment_drift.paths import typed
from deployment_drift.records import Verdict
from deployment_drift.report.language import Language, speak
from deployment_drift.report.layout import Layout, Prose
from deployment_drift.report.rows import found_in, heads, hosts, row, unanswered
from deployment_drift.report.terminal import Narrator, console
from deployment_drift.run import play
from deployment_drift.scene import Scene
from deployment_drift.scenes import container, drift
from deployment_drift.stage import exercises
from deployment_drift.stage.exercises import Exercise
from deployment_drift.targets.target import Target
from deployment_drift.values import sanitized

GREEN = (Verdict.PARITY, Verdict.ALLOWED)
REACHED, MISSED, UNASKED = 0, 1, 2
ENDS = {
    REACHED: ("reached", "bold green"),
    MISSED: ("missed", "bold red"),
    UNASKED: ("unasked", "bold yellow"),
}
NAMED = 4  # rows outside the goal that are named


def overview(lang: str) -> int:
    """Print the exercises in their order, and which are begun or done."""
    language, screen = speak(lang), console()
    grid = Table.grid(padding=(0, 2))
    for each in exercises.every():
        mark = Text("✓", "green") if _reached(each) else Text("·", "yellow" * each.attempt.begun)
        grid.add_row(mark, Text(each.name, "bold"), each.text("title", language.code))
    screen.print(grid)
    screen.print(Prose(language.say("exercise.legend", command=typed("exercise NAME")), "dim"))
    return REACHED


def _reached(each: Exercise) -> bool:
    return each.attempt.begun and bool(each.attempt.noted().get("reached"))


def hint(name: str, lang: str) -> int:
    """Print the hints that were given, and the next one."""
    language, chosen = speak(lang), exercises.find(name)
    if not chosen.attempt.begun:
        chosen.hand_out()
    hints = chosen.hints(language.code)
    given = min(int(chosen.attempt.noted().get("hints", 0)) + 1, len(hints))
    chosen.attempt.note(hints=given)
    for number, text in enumerate(hints[:given], 1):
        console().print(Prose(f"{number}/{len(hints)}  {text}", "bold" * (number == given)))
    return REACHED


def again(name: str, lang: str) -> int:
    """Hand an exercise out anew, and print where the attempt before it is kept."""
    language, chosen = speak(lang), exercises.find(name)
    if chosen.attempt.folder.exists():
        kept = chosen.attempt.put_aside()
        console().print(language.say("exercise.kept", folder=kept))
    chosen.hand_out()
    console().print(language.say("exercise.yours", folder=chosen.attempt.folder))
    return REACHED


def check(name: str, lang: str, *, keep: bool) -> int:
    """Hand an exercise out if that was not done, build and ask the attempt, and tell the goal."""
    language, chosen = speak(lang), exercises.find(name)
    if not chosen.attempt.begun:
        chosen.hand_out()
    screen = console()
    screen.print(Text(f"\n{chosen.text('title', language.code)}", "bold"))
    screen.print(Padding(Prose(chosen.text("story", language.code)), (1, 0, 1, 0), expand=False))
    screen.print(language.say("exercise.yours", folder=chosen.attempt.folder))
    coach = Coach(chosen, language, keep=keep)
    with chosen.laid_out() as root, _mendable(chosen):
        report = play(_scene(chosen), coach, keep=keep, root=root)
    status = judged(chosen, report)
    chosen.attempt.note(reached=status == REACHED)
    return status


@contextmanager
def _mendable(exercise: Exercise) -> Iterator[None]:
    """Say of what cannot be built where it is to be mended: in the attendee's files."""
    try:
        yield
    except BuildError as error:
        hint = f"mend {exercise.attempt.folder}, then {typed(f'exercise {exercise.name}')}"
        raise BuildError(error.what, hint=hint, detail=error.detail) from error


def _scene(exercise: Exercise) -> Scene:
    """Return the drift's scene with the reference and the attempt for its servers."""
    started = partial(steps.start_hosts, targets=_targets(exercise))
    return replace(
        drift.SCENE,
        name="exercise",
        expects=Verdict.PARITY,
        steps={**drift.SCENE.steps, "hosts": started},
        order=0,
        allowed=str(exercise.said.get("allowed", "")),
        requires=(),
        images=tuple(dict.fromkeys((exercise.reference, exercise.release))),
    )


def _targets(exercise: Exercise) -> tuple[Target, Target]:
    """Return the reference and the attempt: both are started as their folder's scene does."""
    if exercise.environment:
        return container.TARGETS
    local, release = drift.TARGETS
    path = str(exercise.said.get("path", local.path))
    return (
        replace(local, image=exercise.reference, path=path),
        replace(release, image=exercise.release, path=path),
    )


def _goal(exercise: Exercise, report: Report) -> list[Comparison]:
    """Return what the goal's checks came to, in the order in which the exercise names them."""
    made = {each.check.name: each for each in report.comparisons}
    return [made[name] for name in exercise.goal if name in made]


def judged(exercise: Exercise, report: Report) -> int:
    """Return whether every row of the goal is green; what was not asked is neither."""
    verdicts = [each.verdict for each in _goal(exercise, report)]
    if len(verdicts) < len(exercise.goal) or Verdict.UNKNOWN in verdicts:
        return UNASKED
    return REACHED if all(each in GREEN for each in verdicts) else MISSED


class Coach(Narrator):
    """A listener that tells the steps as scenes do, and ends with the rows of the goal."""

    def __init__(self, exercise: Exercise, language: Language, *, keep: bool) -> None:
        super().__init__(console(), language, keep=keep)
        self.exercise = exercise

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        if isinstance(event, Report):
            self.conclude_goal(sanitized(event))
        elif not isinstance(event, SceneStarted):
            super().__call__(event)

    def conclude_goal(self, report: Report) -> None:
        """Print the goal's rows, how many are green, and what can be typed next."""
        made = _goal(self.exercise, report)
        found = found_in(report, self.language)
        rows = [row(each, self.language, places=False) for each in _rows(made, found)]
        self.console.print()
        self.console.print(Layout(heads(hosts(report), self.language), rows, hosts(report)))
        for host, reason in unanswered(report):
            self.console.print(Text(f"   {host}: {reason}", "yellow"))
        self.console.print()
        for line in self._sentences(made, report):
            self.console.print(line)
        if self.keep:
            self.tell_kept(report)

    def _sentences(self, made: Sequence[Comparison], report: Report) -> Iterator[Text]:
        """Say how far it got, what else differs, and what can be typed now."""
        language, status = self.language, judged(self.exercise, report)
        green = sum(each.verdict in GREEN for each in made)
        end, style = ENDS[status]
        yield Text(
            language.say(f"exercise.{end}", green=green, total=len(self.exercise.goal)), style
        )
        if others := _others(self.exercise, found_in(report, language)):
            titles = first([language.title(each.check) for each in others], NAMED)
            yield Prose(language.say("exercise.others", titles=titles), "dim")
        if status != REACHED:
            command = typed(f"exercise {self.exercise.name}")
            yield Text(
                language.say("exercise.next", folder=self.exercise.attempt.folder, command=command)
            )


def _others(exercise: Exercise, found: Sequence[Finding]) -> list[Finding]:
    """Return what differs besides the goal, without what only comes with something else."""
    goal = {each.check.name for cause in found if _part(exercise, cause) for each in _all(cause)}
    return [each for each in found if each.verdict is Verdict.DRIFT and each.check.name not in goal]


def _part(exercise: Exercise, cause: Finding) -> bool:
    """Whether a difference, or one that comes with it, is of the goal."""
    return any(each.check.name in exercise.goal for each in _all(cause))


def _all(cause: Finding) -> tuple[Finding, ...]:
    return (cause, *cause.effects)


def _rows(made: Sequence[Comparison], found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the goal's rows: what differs of a list by its entries, every other check as one."""
    every = [row for cause in found for row in _all(cause)]
    for each in made:
        entries = [row for row in every if row.check.name == each.check.name]
        yield from entries or [Finding(each.check, each.observations, each.verdict, each.allowed)]
