"""Makes what the READMEs show from real runs: the pictures, and the table of claims."""

import re
from collections.abc import Iterator
from pathlib import Path

from deployment_drift import claims
from deployment_drift.report import picture
from deployment_drift.report.language import LANGUAGES, load
from deployment_drift.run import play
from deployment_drift.scenes import NAMES, find

PAGES = {"en": "README.md", "ja": "README.ja.md"}
TABLE = re.compile(r"(<!-- invoke claims --markdown -->\n).*?(<!-- end -->)", re.DOTALL)


def make(root: Path) -> Iterator[Path]:
    """Play every scene, draw its end, write the tables, and yield the files as they are written."""
    yield from draw(root / "docs" / "pictures")
    for code, page in PAGES.items():
        path = root / page
        path.write_text(with_claims(path.read_text("utf-8"), code), "utf-8")
        yield path


def draw(folder: Path) -> Iterator[Path]:
    """Play each scene, and draw its end in each language; yield the files as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        report = play(find(name), lambda _: None)
        for code in LANGUAGES:
            path = folder / f"{name}.{code}.svg"
            path.write_text(picture.svg(report, code), "utf-8")
            yield path


def with_claims(text: str, code: str) -> str:
    """Return a README with its table of claims as it has to be."""
    table = claims.markdown(load(code)).strip()
    return TABLE.sub(lambda marks: f"{marks[1]}{table}\n{marks[2]}", text)
