"""The stage page of a talk that is really played, in a real Chromium."""

import os
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deployment_drift import paths
from deployment_drift.engine.engines import Engine

PATIENCE = 120_000  # milliseconds, of a step that is really played


@pytest.fixture
def command(engine: Engine) -> Iterator[subprocess.Popen[str]]:
    """Give a talk on a page of the engine of this run."""
    command = subprocess.Popen(
        [paths.root() / "invoke", "stage", "--port", "0", "--lang", "en"],
        env={**os.environ, **engine.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield command
    command.terminate()
    command.communicate(timeout=60)


def opened(browser: Browser, command: subprocess.Popen[str]) -> Page:
    """Open the page for the beamer."""
    assert command.stdout
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(PATIENCE)
    page.goto(command.stdout.readline().split()[-1])
    page.locator("body[data-mode=question]").wait_for()
    return page


def test_shops_run_side_by_side(browser: Browser, command: subprocess.Popen[str]) -> None:
    """The real pages of both shops, the prices that differ, and the picture of what runs."""
    page = opened(browser, command)
    page.keyboard.press("5")
    page.locator(".card.difference").wait_for()
    expect(page.locator(".answer")).to_have_text(["local31", "release32"])
    for name, price in {"local": "¥31", "release": "¥32"}.items():
        expect(page.frame_locator(f"iframe[title={name}]").locator("main")).to_contain_text(price)
    picture = page.locator("#picture")
    for text in ("PHP 8.4", "PHP 8.2", "Debian 13", "Debian 12", "apache2"):
        expect(picture).to_contain_text(text)
    expect(page.locator("svg .container")).to_have_count(2)
    expect(page.locator("svg .image")).to_have_count(2)
    page.keyboard.press("6")
    expect(page.locator("svg .container")).to_have_count(0, timeout=PATIENCE)
    page.keyboard.press("q")
    _, said = command.communicate(timeout=60)
    assert (command.returncode, said.strip()) == (130, "Stopped; nothing is left running.")
    page.close()


def test_leaving_stops_a_step(browser: Browser, command: subprocess.Popen[str]) -> None:
    """`q` on the page ends a talk in the middle of a step, and nothing is left."""
    page = opened(browser, command)
    page.keyboard.press("5")
    page.locator("body[data-mode=wall], svg .container").first.wait_for()
    page.keyboard.press("q")
    _, said = command.communicate(timeout=60)
    assert (command.returncode, said.strip()) == (130, "Stopped; nothing is left running.")
    page.close()
