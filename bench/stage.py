"""What the page for the beamer costs a browser: keys, frames, memory: python -m bench.stage."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from deployment_drift import paths
from tests import staged

CHECKS = 200
TALKS = 20
PACE = "0.1"
"""How fast the checks are told: as many milliseconds apart as ten times what was recorded."""
STILL = "body:not([data-mode=work]):not([data-mode=wall])"
FRAME = 1000 / 60
TRACED = [
    *("devtools.timeline", "disabled-by-default-devtools.timeline"),
    *("cc", "benchmark", "toplevel"),
]
"""The categories of Chromium's trace that tell of frames, and of what the page does in them."""


@contextmanager
def talk(file: Path, speed: str) -> Iterator[tuple[str, psutil.Process]]:
    """Yield the address for the beamer, and the process that serves it."""
    words = ["-m", "deployment_drift", "stage", "--port", "0", "--replay", str(file)]
    command = subprocess.Popen(
        [sys.executable, *words, "--speed", speed],
        cwd=paths.root(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert command.stdout  # noqa: S101 -- for mypy
    try:
        yield command.stdout.readline().split()[-1], psutil.Process(command.pid)
    finally:
        command.terminate()
        command.communicate()


def press(page: Page, *keys: str) -> None:
    """Press keys, each when what the one before has led to stands there."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        page.locator(STILL).wait_for(timeout=120_000)


def keys(browser: Browser, file: Path) -> str:
    """Return how long it takes from a key to the first new text."""
    with talk(file, "1000") as (address, _):
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(path=Path(__file__).with_name("page.js"))
        page.goto(address)
        press(page, "3", *["Enter"] * 7)
        found: list[float] = page.evaluate("answered")
        page.close()
    return f"key to new text: median {median(found):.0f} ms, longest {max(found):.0f} ms"


def frames(browser: Browser, file: Path, trace: Path) -> str:
    """Return how many frames Chromium drew, and dropped, while the wall was built."""
    with talk(file, PACE) as (address, _):
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(address)
        press(page, "1", "Enter")
        browser.start_tracing(page=page, path=trace, categories=TRACED)
        press(page, "Enter")
        browser.stop_tracing()
        page.close()
    events: list[dict[str, Any]] = json.loads(trace.read_text("utf-8"))["traceEvents"]
    return said(events)


def said(events: list[dict[str, Any]]) -> str:
    """Return what a trace tells of frames: what became of them, and what they cost the page.

    The processor's time says whether a frame fits also where others have the processors.
    """
    told = [each.get("args", {}).get("frame_reporter", {}) for each in events]
    states = Counter(each["state"] for each in told if "state" in each)
    shown = sum(count for state, count in states.items() if state.startswith("STATE_PRESENTED"))
    ours = {(each["pid"], each["tid"]) for each in events if each["name"] == "FireAnimationFrame"}
    tasks = [
        each["tdur"] / 1000
        for each in events
        if each["name"] == "RunTask" and (each["pid"], each["tid"]) in ours and "tdur" in each
    ]
    over = sum(each > FRAME for each in tasks)
    return (
        f"{CHECKS} checks: {shown} frames shown, {states['STATE_DROPPED']} dropped; the page's "
        f"thread worked {sum(tasks):.0f} ms, at most {max(tasks):.1f} ms at once, "
        f"{over} times longer than a frame's {FRAME:.1f} ms"
    )


def memory(browser: Browser, file: Path) -> Iterator[str]:
    """Yield what page and server hold after some talks."""
    with talk(file, "1000") as (address, server):
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        asked = page.context.new_cdp_session(page)
        for number in range(1, TALKS + 1):
            press(page, "4", "Enter")
            if number in {2, TALKS // 2, TALKS}:
                asked.send("HeapProfiler.collectGarbage")
                heap = asked.send("Runtime.getHeapUsage")["usedSize"] / 2**20
                nodes = asked.send("Memory.getDOMCounters")["nodes"]
                held = server.memory_info().rss / 2**20
                yield f"talk {number}: {heap:.2f} MiB, {nodes} nodes; server {held:.0f} MiB"
            press(page, "Enter")
        page.close()


def main() -> None:
    """Print the figures."""
    sandbox = ["--no-sandbox"] * (os.geteuid() == 0)
    with sync_playwright() as browsers, TemporaryDirectory() as folder:
        browser = browsers.chromium.launch(executable_path=which("chromium"), args=sandbox)
        one = staged.written(Path(folder) / "one.jsonl", CHECKS)
        many = staged.written(Path(folder) / "many.jsonl", CHECKS, scenes=TALKS)
        print(keys(browser, one))
        print(frames(browser, one, Path(folder) / "trace.json"))
        for line in memory(browser, many):
            print(line)
        browser.close()


if __name__ == "__main__":
    main()
