"""What the READMEs show is made, not written by hand."""

import pytest

from deployment_drift import paths
from deployment_drift.readme import PAGES, TABLE, with_claims
from deployment_drift.report.language import LANGUAGES
from deployment_drift.scenes import NAMES


@pytest.mark.parametrize("code", LANGUAGES)
def test_table_of_claims_is_up_to_date(code: str) -> None:
    """Each README has the ledger of claims as `invoke claims --markdown` prints it now."""
    text = (paths.root() / PAGES[code]).read_text("utf-8")
    assert TABLE.search(text)
    assert with_claims(text, code) == text


@pytest.mark.parametrize("code", LANGUAGES)
def test_pictures_are_there(code: str) -> None:
    """Each picture that a README shows is a file, and each scene is in its table."""
    text = (paths.root() / PAGES[code]).read_text("utf-8")
    shown = [line.rpartition("](")[2].rstrip(")") for line in text.splitlines() if "![" in line]
    assert len(shown) >= 2
    assert all((paths.root() / path).is_file() for path in shown)
    for name in NAMES:
        assert f"`./invoke demo-{name}" in text or name == "machines"
