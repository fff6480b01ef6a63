"""Makes what the READMEs show: pictures from real runs, the tables of scenes and of claims."""

import html
import re
from collections.abc import Iterator
from importlib import resources
from io import StringIO
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from deployment_drift import claims, files, scenes
from deployment_drift.events import Report
from deployment_drift.opening import opening
from deployment_drift.report.figures import statement
from deployment_drift.report.language import LANGUAGES, Language, load
from deployment_drift.report.terminal import PLAIN, WIDTH, Narrator
from deployment_drift.run import play
from deployment_drift.scene import Scene
from deployment_drift.values import sanitized

PAGES = {"en": "README.md", "ja": "README.ja.md"}
TABLE = re.compile(r"(<!-- (scenes|invoke claims --markdown) -->\n).*?(<!-- end -->)", re.DOTALL)
TEXT = re.compile(r'( textLength="[\d.]+")([^>]*>)([^<]*)</text>')


def make(root: Path) -> Iterator[Path]:
    """Play every scene, draw its end, write the tables, and yield the files as they are written."""
    yield from draw(root / "docs" / "pictures")
    for code, page in PAGES.items():
        path = root / page
        files.write(path, with_tables(path.read_text("utf-8"), code))
        yield path


def draw(folder: Path) -> Iterator[Path]:
    """Play each scene, and draw its end in each language; yield the files as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    reports = {s.name: play(s, lambda _: None) for s in filter(is_drawn, scenes.story())}
    for code in LANGUAGES:
        drawn = {name: svg(report, code) for name, report in reports.items()}
        drawn["opening"] = opening([reports["drift"], reports["container"]], code)
        for name, picture in drawn.items():
            path = folder / f"{name}.{code}.svg"
            files.write(path, picture)
            yield path


def is_drawn(scene: Scene) -> bool:
    """Tell whether a scene has a picture: those that are another one's option look much like it."""
    return not scene.command


def with_tables(text: str, code: str) -> str:
    """Return a README with its tables of scenes and claims as they have to be."""
    language = load(code)
    tables = {"scenes": table(language), "invoke claims --markdown": claims.markdown(language)}
    return TABLE.sub(lambda marks: f"{marks[1]}{tables[marks[2]]}\n{marks[3]}", text)


def table(language: Language) -> str:
    """Return the scenes as a Markdown table: what is typed, and what the audience sees."""
    heads = [language.say("scenes.command"), language.say("scenes.seen")]
    rows = [
        [f"`./invoke {scene.typed}`", language.say(f"summaries.{scene.name}")]
        for scene in scenes.story()
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows])


def svg(report: Report, code: str) -> str:
    """Return what the terminal shows: what was stated, and the end of the scene."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, **PLAIN)
    language, report = load(code), sanitized(report)
    for shown in report.statements:
        console.print(statement(shown, language))
    Narrator(console, language)(report)
    template = resources.files("deployment_drift.report").joinpath("picture.svg").read_text("utf-8")
    title = f"invoke demo-{report.scene}"
    drawn = console.export_svg(title=title, code_format=template, unique_id=report.scene)
    return TEXT.sub(_set, drawn)


def _set(match: re.Match[str]) -> str:
    """Let a font set its wide letters: rich gives a text the width of as many narrow ones."""
    length, rest, text = match.groups()
    shown = html.unescape(text)
    kept = length if cell_len(shown) == len(shown) else ""
    return f"{kept}{rest}{text}</text>"
