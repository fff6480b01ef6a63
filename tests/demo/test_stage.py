"""The stage page of a talk that is really played, in a real Chromium."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import docker
import pytest
from playwright.sync_api import Browser, Page, expect

from deployment_drift import paths
from deployment_drift.engine import leftovers
from deployment_drift.engine.engines import Engine
from tests.demo.relay import relayed
from tests.demo.test_bad_days import ours

PATIENCE = 600_000  # milliseconds of a step that is really played; alone, it builds first


@pytest.fixture
def command(engine: Engine) -> Iterator[subprocess.Popen[str]]:
    """Give a talk on a page of the engine of this run."""
    with started(engine) as command:
        yield command


@contextmanager
def started(engine: Engine, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Give a talk on a page of this engine until the block ends."""
    command = subprocess.Popen(
        [paths.root() / "invoke", "stage", "--port", "0", "--lang", "en"],
        env={**os.environ, **engine.environment, **variables},
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


@pytest.mark.usefixtures("shown_before")
def test_engine_is_lost_in_the_middle(
    browser: Browser, engine: Engine, docker_client: docker.DockerClient
) -> None:
    """The page says what is unknown, and shows the recorded run, marked with its day, on `r`."""
    with (
        TemporaryDirectory() as folder,
        relayed(Path(folder), engine.url) as relay,
        started(engine, DOCKER_HOST=relay.url) as command,
    ):
        page = opened(browser, command)
        page.keyboard.press("4")
        expect(page.locator("svg .container")).to_have_count(2, timeout=PATIENCE)
        page.locator("body[data-mode=idea]").wait_for()
        relay.cut()
        page.keyboard.press("Enter")
        page.locator(".card.unknown").wait_for()
        page.keyboard.press("r")
        page.locator(".card.failed .offer").wait_for()
        page.keyboard.press("r")
        page.locator(".card.difference.drift").wait_for()
        expect(page.locator("#recorded")).to_contain_text("Recorded on 20")
        page.keyboard.press("q")
        command.communicate(timeout=60)
        assert command.returncode == 130
        page.close()
    leftovers.sweep(engine)
    assert ours(docker_client) == 0
