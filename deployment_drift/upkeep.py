"""What is told besides the scenes: whether they can be played, and what was cleaned away."""

from pathlib import Path

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from deployment_drift import doctor, files, paths, scenes
from deployment_drift.engine import engines, leftovers, private
from deployment_drift.report.language import speak
from deployment_drift.report.layout import Prose
from deployment_drift.report.terminal import WIDEST, console
from deployment_drift.values import sanitized

LENGTHS = (10, 20, 40)
"""How many minutes a talk has."""


def examine() -> int:
    """Print what the scenes need and what is there; 1 where they could not be played."""
    findings = [sanitized(finding) for finding in doctor.examine()]
    grid = Table.grid(padding=(0, 2))
    for _ in ("mark", "name", "value"):
        grid.add_column(overflow="fold")
    for finding in findings:
        mark = Text("✓", "green") if finding.ok else Text("✗", "red")
        grid.add_row(mark, finding.name, finding.value)
        if finding.hint:
            grid.add_row("", "", Text(f"→ {finding.hint}", "yellow"))
        if finding.hint and finding.concerns != (finding.name,):
            concerned = ", ".join(finding.concerns) or "every scene"
            grid.add_row("", "", Text(f"for {concerned}", "dim"))
    console(WIDEST).print(grid)
    return int(not all(finding.ok for finding in findings))


def story(lang: str) -> int:
    """Print the scenes in the order in which they are told, and which are ready to be played."""
    language = speak(lang)
    ready = doctor.ready()
    grid = Table.grid(padding=(0, 2))
    for scene in scenes.story():
        mark = Text("✓", "green") if ready.get(scene.name) else Text("·", "yellow")
        said = Prose(language.say(f"summaries.{scene.name}"))
        grid.add_row(mark, Text(paths.typed(scene.typed), "bold"), said)
    screen = console()
    screen.print(grid)
    screen.print(Text(language.say("story.legend", command=paths.typed("--list")), "dim"))
    return 0


def notes(lang: str) -> int:
    """Print each scene's steps, what a speaker says at each, and which talks have the scene."""
    language, screen = speak(lang), console()
    for scene in scenes.story():
        talks = ", ".join(str(each) for each in LENGTHS if each >= scene.minutes)
        talks = language.say("story.talks", minutes=talks)
        screen.print(
            Text.assemble((f"\n{paths.typed(scene.typed)}", "bold"), (f"  {talks}", "dim"))
        )
        for number, step in enumerate(scene.steps, 1):
            screen.print(Text(f"{number:2}  {language.say(f'steps.{step}')}", "cyan"))
            note = Prose(language.note(scene.name, step))
            screen.print(Padding(note, (0, 0, 0, 4), expand=False))
    return 0


def handout(lang: str, output: str, pdf: str) -> int:
    """Write the handout, and print where it is; say which scenes are not in it."""
    from deployment_drift.stage import handout as stage

    language = speak(lang)
    path = Path(output or f"handout.{language.code}.html")
    files.require(path, files.HANDOUT)  # its usual name was not typed by anybody
    missing = stage.write(path, language)
    print(path)
    if pdf:
        stage.print_pdf(path, Path(pdf))
        print(pdf)
    for typed in missing:
        print(f"Not in it: {paths.typed(typed)} has not shown yet what it claims.")
    return 0


def clean(*, everything: bool) -> int:
    """Remove what is ours from the engine, and print how much that was."""
    from deployment_drift.targets import access

    found = engines.find()
    removed = leftovers.clean(found, everything=everything)
    access.forget(found.url if found else "")
    counts = [
        f"{removed.containers} containers",
        f"{removed.networks} networks",
        f"{removed.volumes} volumes",
        f"{removed.images} images",
    ]
    print(f"Removed: {', '.join(counts)}{', the private engine and its data' * removed.data}")
    return 0


def stop() -> int:
    """Stop the private engine; its images stay for the next time."""
    print("The private engine is stopped." if private.stop() else "No private engine is running.")
    return 0
