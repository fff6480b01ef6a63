"""Chromium, for tests that look at pages."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests import installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SANDBOX = ["--no-sandbox"] * (os.geteuid() == 0)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Give a browser for all tests of a file."""
    from playwright.sync_api import sync_playwright  # which most tests do without

    found = installed.need("chromium")
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=found, args=SANDBOX)
        yield browser
        browser.close()
