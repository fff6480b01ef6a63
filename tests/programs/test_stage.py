"""The pages of a talk in a real Chromium: a recording is played, and a speaker presses keys."""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from deployment_drift import paths
from deployment_drift.report.language import load
from deployment_drift.scenes import story
from tests import staged
from tests.unit.report.test_layout import UNFIT

SIZES = [(1280, 720), (1920, 1080)]
MODULE = [sys.executable, "-m", "deployment_drift"]
SMALLEST = 12
"""Pixels of the smallest text in a window that is 1280 wide; what is to be read is larger."""


@contextmanager
def talk(
    *words: str, stdin: int = subprocess.DEVNULL, **variables: str
) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """Yield the addresses for beamer and speaker, and the command that serves them."""
    command = subprocess.Popen(
        [*MODULE, "stage", "--port", "0", "--lang", "en", *words],
        cwd=paths.root(),
        env={**os.environ, **variables},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stdout
    try:
        beamer, speaker = (command.stdout.readline().split()[-1] for _ in range(2))
        yield beamer, speaker, command
    finally:
        command.terminate()
        command.communicate(timeout=20)


MOVED = "ERR_NETWORK_CHANGED"
"""What Chromium says where a container has started on this machine meanwhile; it loads again."""


COUNTED = """heard = 0;
EventSource = class extends EventSource {
    constructor(...from) {
        super(...from);
        this.addEventListener("message", () => { heard += 1; });
    }
};"""
"""Counts in `heard` what a page was told: each key leads to something that is told."""


class Seen:
    """A page, and all that it has asked for and complained of."""

    def __init__(self, browser: Browser, address: str, size: tuple[int, int] = SIZES[0]) -> None:
        self.page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.add_init_script(COUNTED)
        self.page.goto(address)
        expect(self.page.locator("#title")).not_to_have_text("deployment-drift")

    def press(self, *keys: str) -> None:
        """Press keys, each when what the one before has led to stands there."""
        for key in keys:
            heard = self.page.evaluate("heard")
            self.page.keyboard.press(key)
            self.page.wait_for_function("before => heard > before", arg=heard)
            self.page.wait_for_timeout(50)
            self.rest()

    def rest(self) -> None:
        """Wait until nothing is played: what stands there is to be read."""
        self.page.locator("body:not([data-mode=work]):not([data-mode=wall])").wait_for()

    def close(self) -> None:
        """Close the page, which has had nothing to complain of, and has asked nobody else."""
        self.page.close()
        assert [each for each in self.complaints if MOVED not in each] == []
        own = r"http://127\.0\.0\.1:\d+/"
        assert [url for url in self.asked if not re.match(own, url)] == []


MEASURES = """() => {
    const root = document.documentElement;
    const seen = (words) => [...document.querySelectorAll(words)].filter((each) =>
        each.checkVisibility());
    const sizes = seen("main *").filter((each) =>
        [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    ).map((each) => parseFloat(getComputedStyle(each).fontSize)
        * (each.ownerSVGElement?.getScreenCTM().a ?? 1));
    const places = { header: "#steps li", main: "#newest *", "#wall": ".tile, .group h2" };
    const cut = Object.entries(places)
        .flatMap(([outer, inner]) => seen(inner).filter((each) => {
            const { right, bottom } = document.querySelector(outer).getBoundingClientRect();
            const box = each.getBoundingClientRect();
            return box.right > right + 1 || box.bottom > bottom + 1;
        })).map((each) => each.textContent);
    return [root.scrollWidth / innerWidth, root.scrollHeight / innerHeight,
            Math.min(...sizes) * 1280 / innerWidth, cut];
}"""


def fits(page: Page) -> None:
    """See that nothing is outside of the window or cut, and no text too small to be read."""
    width, height, smallest, cut = page.evaluate(MEASURES)
    assert width <= 1
    assert height <= 1
    assert smallest >= SMALLEST
    assert cut == []


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Give a recording whose values are evil."""
    return str(staged.written(tmp_path / "drift.jsonl", count=140))


@pytest.mark.parametrize("size", SIZES)
def test_scene_is_seen(browser: Browser, file: str, size: tuple[int, int]) -> None:
    """From the question to the answer, by keys alone; both pages tell it in either language."""
    said = load("en").say
    with talk("--replay", file, "--speed", "100") as (beamer, speaker, command):
        shown, notes = Seen(browser, beamer, size), Seen(browser, speaker, size)
        page = shown.page
        expect(page.locator("#newest")).to_contain_text(said("questions.drift"))
        fits(page)
        shown.press("PageDown", "Enter")
        expect(page.locator("svg .container")).to_have_count(2)
        expect(page.locator("svg .image")).to_have_count(2)
        expect(page.locator("svg .differs")).not_to_have_count(0)
        expect(page.locator("#picture")).to_contain_text("PHP 8.2.36")
        fits(page)
        shown.press(" ")
        expect(page.locator(".tile")).to_have_count(140)
        expect(page.locator(".tile.drift")).not_to_have_count(0)
        shown.press("ArrowRight")
        expect(page.locator("#newest")).to_contain_text("Check offer")
        expect(page.locator(".answer")).to_have_text(["local31", "release32"])
        expect(page.locator(".sign")).to_have_text("≠")
        expect(page.locator(".tile.newest")).to_be_visible()
        expect(page.locator("#steps .done .seconds").first).to_have_text("0.5 s")
        fits(page)
        expect(notes.page.locator("#note")).to_have_text(load("en").note("drift", "checks"))
        expect(notes.page.locator("#following")).to_contain_text(said("steps.stop"))
        fits(notes.page)
        notes.press("l", "d")
        expect(page.locator("#newest .why")).to_be_visible()
        expect(page.locator("#title")).to_have_text(load("ja").say("titles.drift"))
        expect(notes.page.locator("#note")).to_have_text(load("ja").note("drift", "checks"))
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        fits(page)
        shown.press("4", "Enter")
        expect(page.locator("#newest")).to_contain_text(load("ja").say("ends.drift"))
        expect(page.locator("svg .container")).to_have_count(0)
        shown.press("Enter")
        expect(page.locator("#keys")).to_have_text(load("ja").sentences["page.over"])
        shown.close()
        notes.close()
        assert command.wait(20) == 0


def test_everybody_can_read_it(browser: Browser, file: str) -> None:
    """Each page passes an accessibility checker, dark and light, at its question and its wall."""
    with talk("--replay", file, "--speed", "100") as (beamer, speaker, _):
        shown, notes = Seen(browser, beamer), Seen(browser, speaker)
        for keys in ([], ["3"], ["Enter", "Enter"], ["d"]):
            shown.press(*keys)
            for each in (shown, notes):
                found = Axe().run(each.page)
                assert found.violations_count == 0, found.generate_report()
        shown.page.evaluate("byId('newest').replaceChildren()")  # as while the wall is built
        assert shown.page.locator("#wall h2").count() > 1
        found = Axe().run(shown.page)
        assert found.violations_count == 0, found.generate_report()
        shown.close()
        notes.close()


def test_values_of_servers_are_texts(browser: Browser, file: str) -> None:
    """What a server sends is read, and never obeyed: no element is made of it."""
    with talk("--replay", file, "--speed", "100") as (beamer, _, _):
        shown = Seen(browser, beamer)
        shown.press("1")
        expect(shown.page.locator("#newest")).to_contain_text("<img src=x onerror")
        shown.press("2")
        expect(shown.page.locator("#picture")).to_contain_text("<img src=x")
        shown.press("3")
        shown.press(*["Enter"] * 6)
        assert shown.page.locator("img").count() == 0
        assert shown.page.title() == "deployment-drift"
        shown.close()


def test_keys_need_what_the_terminal_printed(browser: Browser, file: str) -> None:
    """Without the token a page shows everything and leads nothing; with it, it hides it."""
    with talk("--replay", file, "--speed", "100") as (beamer, _, _):
        stranger = Seen(browser, beamer.partition("#")[0])
        stranger.page.keyboard.press("Enter")
        expect(stranger.page.locator("#newest")).to_contain_text(load("en").sentences["page.token"])
        stranger.page.close()
        shown = Seen(browser, beamer)
        assert "#" not in shown.page.url
        shown.page.reload()
        shown.press("1")
        expect(shown.page.locator("#steps .current")).to_contain_text("1")
        shown.close()


def test_help_is_laid_over(browser: Browser, file: str) -> None:
    """`?` names the keys until any is pressed; `p` makes the picture large."""
    with talk("--replay", file, "--speed", "100") as (beamer, _, _):
        shown = Seen(browser, beamer)
        shown.press("?")
        expect(shown.page.locator("#overlay")).to_contain_text("play this step again")
        shown.page.keyboard.press("x")
        shown.press("Enter", "p")
        expect(shown.page.locator("#overlay")).to_be_hidden()
        expect(shown.page.locator("#talk")).to_be_hidden()
        expect(shown.page.locator("svg")).to_be_visible()
        shown.close()


def test_shell_opens_in_the_terminal(browser: Browser, file: str) -> None:
    """`s` opens a shell where the talk was started; the page says so until that is left."""
    speaker, terminal = pty.openpty()
    with talk("--replay", file, "--speed", "100", stdin=terminal, SHELL="/bin/sh") as started:
        beamer, _, command = started
        shown = Seen(browser, beamer)
        shown.press("2", "s")
        expect(shown.page.locator("#overlay")).to_contain_text("exit there leads back")
        os.write(speaker, b"echo it is $RELEASE; exit\n")
        expect(shown.page.locator("#overlay")).to_be_hidden()
        shown.press("?")
        expect(shown.page.locator("#overlay")).to_contain_text("a shell in the terminal")
        shown.press("Enter", "q")
        said, _ = command.communicate(timeout=20)
        assert "it is drift-release" in said
        shown.close()
    os.close(speaker)
    os.close(terminal)


def test_no_shell_without_a_terminal(browser: Browser, file: str) -> None:
    """Where a talk has no terminal, `s` says that it needs one."""
    with talk("--replay", file, "--speed", "100") as (beamer, _, _):
        shown = Seen(browser, beamer)
        shown.press("s")
        expect(shown.page.locator("#overlay")).to_have_text(load("en").say("stage.no_terminal"))
        shown.close()


def test_key_that_is_lost_on_its_way_is_sent_again(browser: Browser, file: str) -> None:
    """A key that never arrived is sent once more, and one whose answer was lost counts once."""
    with talk("--replay", file, "--speed", "100") as (beamer, _, _):
        shown = Seen(browser, beamer)
        lost = iter(["before", "behind"])

        def lose(route: Route) -> None:
            where = next(lost, "")
            if where == "behind":
                route.fetch()
            if where:
                route.abort()
            else:
                route.continue_()

        shown.page.route("**/key", lose)
        shown.page.keyboard.press("l")
        expect(shown.page.locator("html")).to_have_attribute("lang", "ja")
        shown.page.wait_for_timeout(300)
        expect(shown.page.locator("html")).to_have_attribute("lang", "ja")
        assert next(lost, "") == ""
        shown.page.close()


def test_page_comes_back_to_where_it_was(browser: Browser, file: str) -> None:
    """A page that is closed and opened again shows the step that was reached, and leads on."""
    with talk("--replay", file, "--speed", "100") as (beamer, _, command):
        first = Seen(browser, beamer)
        first.press("2")
        first.close()
        assert command.stdout
        assert command.stdout.readline().split()[-1] == beamer
        again = Seen(browser, beamer)
        expect(again.page.locator("#steps .current")).to_contain_text("2")
        expect(again.page.locator("svg .container")).to_have_count(2)
        again.press("Enter")
        again.close()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopped_talk_says_so(browser: Browser, file: str, sent: int) -> None:
    """Ctrl-C is one sentence on the terminal and on the page, and 130."""
    with talk("--replay", file) as (beamer, _, command):
        shown = Seen(browser, beamer)
        shown.page.locator("body[data-mode=question]").wait_for()
        command.send_signal(sent)
        expect(shown.page.locator("#keys")).to_have_text(load("en").sentences["page.over"])
        _, said = command.communicate(timeout=20)
        assert (command.returncode, said.strip()) == (130, "Stopped; nothing is left running.")
        shown.close()


def test_step_that_fails_offers_the_recording(browser: Browser, tmp_path: Path) -> None:
    """Without an engine the page says so, and `r` shows the last run, marked with its day."""
    state = tmp_path / "deployment-drift" / "recordings"
    state.mkdir(parents=True)
    staged.written(state / "drift.jsonl")
    nowhere = "unix:///nowhere.sock"
    with talk(XDG_STATE_HOME=str(tmp_path), DOCKER_HOST=nowhere) as (beamer, _, command):
        shown = Seen(browser, beamer)
        shown.press("Enter")
        expect(shown.page.locator("#newest")).to_contain_text("nowhere.sock")
        expect(shown.page.locator(".offer")).to_contain_text("r shows how it went on")
        shown.press("r")
        expect(shown.page.locator("#recorded")).to_contain_text("Recorded on 20")
        expect(shown.page.locator("#newest")).to_contain_text(staged.EVIL[:9])
        shown.press("4", "Enter")
        expect(shown.page.locator("#newest")).to_contain_text(load("en").say("ends.drift"))
        shown.press("q")
        _, said = command.communicate(timeout=20)
        assert said.strip() == "Stopped; nothing is left running."
        shown.close()


BUILT = """() => {
    const told = JSON.parse(byId("film").textContent);
    const now = beginning();
    const last = told.findLastIndex(({ kind }) => kind === "compared");
    told.slice(0, last).forEach((each) => hear(now, each));
    render(now);
}"""
"""Shows the wall as it is when its last tile but one has come."""


def test_film_is_looked_at_without_a_server(browser: Browser) -> None:
    """The page that the README links to plays the whole talk in any browser, from a file."""
    page = paths.root() / "docs" / "talk.html"
    shown = Seen(browser, page.as_uri())
    asked: list[str] = []
    drawn: set[str] = set()
    for _ in range(40):
        shown.page.keyboard.press("Enter")
        shown.rest()
        fits(shown.page)
        drawn |= {*shown.page.locator("svg text").all_text_contents()}
        asked.append(shown.page.locator("#newest").inner_text())
    told = " ".join(asked)
    for name in ("questions.container", "ends.drift", "ends.container"):
        assert load("en").say(name) in told
    assert "¥45 at 30 % off" in told
    assert {"apache2", "≠ Debian 12", "≠ Debian 13"} <= drawn
    shown.page.keyboard.press("l")
    expect(shown.page.locator("#newest")).to_contain_text(load("ja").say("ends.container"))
    found = Axe().run(shown.page)
    assert found.violations_count == 0, found.generate_report()
    shown.page.evaluate(BUILT)
    fits(shown.page)
    assert shown.asked == [page.as_uri()]
    shown.page.close()
    assert shown.complaints == []


HOST = "virtual Some Cloud Inc., system Linux 6.12.94"
GUEST = "machines QEMU, guest Linux 6.1.0, application PHP"
FOUND = {
    "startup": {
        "container": f"{HOST}, application PHP",
        "host_type": f"{HOST}, {GUEST}",
    },
    "hypervisor": {
        "xen": "computer QEMU, hypervisor Xen 4.17.7, guest 3 x Linux 6.1, application PHP"
    },
    "nested": {"nested": f"computer QEMU, both Linux 6.1.0 + KVM, {GUEST}"},
}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_ways_stand_side_by_side(browser: Browser, tmp_path: Path, lang: str) -> None:
    """Behind the last step of a scene that has looked, each way is a stack, and all fit in."""
    kept = tmp_path / "deployment-drift" / "recordings"
    for scene, layers in FOUND.items():
        staged.found(kept / f"{scene}.jsonl", scene, layers)
    file = str(kept / "startup.jsonl")
    with talk("--replay", file, "--speed", "100", XDG_STATE_HOME=str(tmp_path)) as (beamer, *_):
        shown = Seen(browser, beamer)
        shown.press("Enter", "Enter", "Enter", *["l"] * (lang == "ja"))
        stacks = shown.page.locator(".way")
        expect(stacks).to_have_count(4)
        drawn = [stack.locator(".layer b").all_text_contents() for stack in stacks.all()]
        assert [[*reversed(each)] for each in drawn] == [
            [layer.partition(" ")[2] for layer in layers.split(", ")]
            for layers in (
                FOUND["startup"]["host_type"],
                FOUND["hypervisor"]["xen"],
                FOUND["nested"]["nested"],
                FOUND["startup"]["container"],
            )
        ]
        fits(shown.page)
        found = Axe().run(shown.page)
        assert found.violations_count == 0, found.generate_report()
        shown.close()


BEGINNINGS = """(words) => [...document.querySelectorAll(words)].flatMap((each) => {
    const letters = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    const found = [];
    let below = Infinity;
    for (let text = letters.nextNode(); text; text = letters.nextNode()) {
        for (let place = 0; place < text.length; place += 1) {
            const range = document.createRange();
            range.setStart(text, place);
            range.setEnd(text, place + 1);
            const [box] = range.getClientRects();
            if (box?.width && box.top > below - 4) found.push(text.data.slice(place));
            if (box?.width) below = box.bottom;
        }
    }
    return found;
})"""
"""What each line but the first begins with."""
ASKED = """(text) => {
    const now = beginning();
    now.look.lang = document.documentElement.lang;
    byId("newest").replaceChildren(bold(now, { kind: "question", text: { ja: text } }));
}"""


def test_japanese_lines_begin_well(browser: Browser) -> None:
    """No line begins with a particle, a small letter or what ends a sentence."""
    shown = Seen(browser, (paths.root() / "docs" / "talk.html").as_uri())
    shown.page.keyboard.press("l")
    begun: list[str] = []
    for _ in range(40):
        begun += shown.page.evaluate(BEGINNINGS, "#newest h2, #newest .why")
        shown.page.keyboard.press("Enter")
        shown.rest()
    for scene in story():
        shown.page.evaluate(ASKED, load("ja").say(f"questions.{scene.name}"))
        begun += shown.page.evaluate(BEGINNINGS, "#newest h2")
    assert len(begun) >= 10
    assert [text for text in begun if UNFIT.match(text)] == []
    shown.page.close()
