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
from deployment_drift.report.figures import statement
from deployment_drift.report.language import LANGUAGES, Language, load
from deployment_drift.report.terminal import PLAIN, WIDTH, Narrator
from deployment_drift.run import play
from deployment_drift.scene import Scene
from deployment_drift.values import sanitized

PAGES = {"en": "README.md", "ja": "README.ja.md"}
TABLE = re.compile(r"(<!-- (scenes|invoke claims --markdown) -->\n).*?(<!-- end -->)", re.DOTALL)
TEXT = re.compile(r'(<text [^>]*textLength=")([\d.]+)("[^>]*>)([^<]*)(</text>)')


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
    for scene in filter(is_drawn, scenes.story()):
        report = play(scene, lambda _: None)
        for code in LANGUAGES:
            path = folder / f"{scene.name}.{code}.svg"
            files.write(path, svg(report, code))
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
    return TEXT.sub(_widened, drawn)


def _widened(match: re.Match[str]) -> str:
    """Give wide characters their two columns: rich counts characters, which lets them overlap."""
    before, length, middle, text, after = match.groups()
    shown = html.unescape(text)
    width = float(length) / len(shown) * cell_len(shown)
    return f"{before}{width:g}{middle}{text}{after}"
