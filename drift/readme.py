"""Makes what the READMEs show from real runs: the pictures, and the table of claims."""

import re
from collections.abc import Iterator
from pathlib import Path

from drift import claims, picture
from drift.language import load

PAGES = {"en": "README.md", "ja": "README.ja.md"}
TABLE = re.compile(r"(<!-- invoke claims --markdown -->\n).*?(<!-- end -->)", re.DOTALL)


def make(root: Path) -> Iterator[Path]:
    """Play every scene, draw its end, write the tables, and yield the files as they are written."""
    yield from picture.draw(root / "docs" / "pictures")
    for code, page in PAGES.items():
        path = root / page
        path.write_text(with_claims(path.read_text("utf-8"), code), "utf-8")
        yield path


def with_claims(text: str, code: str) -> str:
    """Return a README with its table of claims as it has to be."""
    table = claims.markdown(load(code)).strip()
    return TABLE.sub(lambda marks: f"{marks[1]}{table}\n{marks[2]}", text)
