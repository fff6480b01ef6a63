"""The handout of a real run, in a real browser."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from deployment_drift.report.language import load
from tests.demo.conftest import Invoke


@pytest.fixture(scope="module")
def talk(invoke: Invoke) -> None:
    """Play a scene that compares, and one that shows mails: the page has what each has found."""
    invoke("demo-container").expect(0)
    invoke("demo-mail").expect(0)


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("code", ["en", "ja"])
def test_handout_is_for_everybody(
    invoke: Invoke, browser: Browser, tmp_path: Path, code: str
) -> None:
    """The page of real runs passes an accessibility checker, loads nothing, and prints."""
    page, pdf = tmp_path / "handout.html", tmp_path / "handout.pdf"
    invoke("handout", "--lang", code, "--output", str(page), "--pdf", str(pdf)).expect(0)
    loaded: list[str] = []
    shown = browser.new_page(viewport={"width": 1280, "height": 720})
    shown.on("request", lambda request: loaded.append(request.url))
    shown.on("console", lambda message: pytest.fail(message.text))
    shown.goto(page.as_uri())
    found = Axe().run(shown)
    wide = shown.evaluate("document.documentElement.scrollWidth")
    shown.close()
    assert found.violations_count == 0, found.generate_report()
    assert loaded == [page.as_uri()]
    assert wide <= 1280
    for scene in ("container", "mail"):
        assert load(code).say(f"questions.{scene}") in page.read_text("utf-8")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert pdf.read_bytes().count(b"/Type /Page\n") > 2
