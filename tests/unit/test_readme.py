"""What the READMEs show is made, not written by hand."""

import pytest

from deployment_drift import paths
from deployment_drift.readme import PAGES, TABLE, with_tables
from deployment_drift.report.language import LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_tables_are_up_to_date(code: str) -> None:
    """Each README has the scenes as they are, and the claims as `claims --markdown` has them."""
    text = (paths.root() / PAGES[code]).read_text("utf-8")
    assert len(TABLE.findall(text)) == 2
    assert with_tables(text, code) == text


@pytest.mark.parametrize("code", LANGUAGES)
def test_pictures_are_there(code: str) -> None:
    """Each picture that a README shows is a file."""
    text = (paths.root() / PAGES[code]).read_text("utf-8")
    shown = [line.rpartition("](")[2].rstrip(")") for line in text.splitlines() if "![" in line]
    assert len(shown) >= 2
    assert all((paths.root() / path).is_file() for path in shown)
