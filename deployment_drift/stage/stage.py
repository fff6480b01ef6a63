"""Gives a talk, or plays a recorded one, on a page for the beamer and one for the speaker."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from deployment_drift import scenes
from deployment_drift.cli import Telling
from deployment_drift.report.document import written
from deployment_drift.report.language import Language, speak
from deployment_drift.scene import Scene
from deployment_drift.stage import replay, talk
from deployment_drift.stage.beamer import Beamer
from deployment_drift.stage.hub import Hub
from deployment_drift.stage.keys import BACK, number
from deployment_drift.stage.notes import plan, told
from deployment_drift.stage.recording import Recording, read
from deployment_drift.stage.serve import HOST, Pressed, Site, served
from deployment_drift.stage.watch import watched


def give(how: Telling, minutes: int, port: int) -> int:
    """Give the talk of so many minutes; the worst of its scenes' statuses is its own.

    Raises DriftError where no scene is that short, or the port is taken.
    """
    shown = talk.chosen(minutes)
    with (
        written(how.events) as lines,
        told() as noted,
        staged(how, shown, minutes, port) as beamer,
    ):
        others = [*lines, *noted]
        return max(talk.repeated(watched(scene), beamer, others) for scene in shown)


def show(how: Telling, path: Path, port: int, speed: str) -> int:
    """Show each scene of a file of events; the worst of their statuses is its own.

    Raises DriftError where the file is no recording, or the port is taken.
    """
    pace = replay.paced(speed)
    found = read(path)
    for recorded in found:
        replay.rehearse(recorded, speak(how.lang))
    known = {scene.name: scene for scene in scenes.story()}
    shown = [known[each.began.name] for each in found if each.began.name in known]
    with staged(how, shown, 10, port) as beamer:
        return max(_told(recorded, beamer, pace) for recorded in found)


def _told(recorded: Recording, beamer: Beamer, pace: float) -> int:
    beamer.recorded = recorded.when
    while True:
        status = replay.tell(recorded, beamer, gate=beamer.gate, speed=pace).status
        if beamer.rest() != BACK:
            return status


@contextmanager
def staged(how: Telling, shown: Sequence[Scene], minutes: int, port: int) -> Iterator[Beamer]:
    """Yield the lectern of pages that are served until the block ends."""
    language = speak(how.lang)
    keys, hub = Pressed(number("--auto", how.auto) if how.auto else None), Hub(lang=language.code)
    with served(hub, keys, port) as site:
        announce(site, language)
        hub.deserted = partial(announce_again, site, language)
        try:
            yield Beamer(hub.tell, language, keys, plan(shown, minutes, language))
        finally:
            hub.tell("over", {})


def announce(site: Site, language: Language) -> None:
    """Say on the terminal where the pages are."""
    print(language.say("stage.page_beamer", address=address(site)))
    print(language.say("stage.page_speaker", address=address(site, "speaker")), flush=True)


def announce_again(site: Site, language: Language) -> None:
    """Say that nobody looks at the pages any more, and where they still are."""
    print(language.say("stage.page_closed", address=address(site)), flush=True)


def address(site: Site, path: str = "") -> str:
    """Return a page's address, with what entitles to press keys there."""
    return f"http://{HOST}:{site.port}/{path}#{site.token}"
