"""What pages are told of a talk, whenever they come."""

import json
from collections.abc import Iterator
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from deployment_drift.stage import hub as hubs
from deployment_drift.stage.hub import Hub


@pytest.fixture
def hub() -> Hub:
    """Give what is told in a talk that has just begun."""
    return Hub(lang="ja")


def heard(hub: Hub, last: int = 0) -> list[dict[str, Any]]:
    """Return what a page hears that comes now, up to where it would have to wait."""
    following = hub.follow(last)
    found = [json.loads(next(following).partition("data: ")[2]) for _ in hub.told(last)]
    following.close()  # type: ignore[attr-defined]
    return found


def kinds(hub: Hub) -> list[str]:
    """Return the kinds of what a page hears that comes now."""
    return [each["kind"] for each in heard(hub)]


def test_whoever_comes_late_hears_the_whole_scene(hub: Hub) -> None:
    """A page that is opened, or loaded again, in the middle of a scene shows where it is."""
    for kind in ("scene", "step", "done"):
        hub.tell(kind, {"name": "x"})
    assert kinds(hub) == ["look", "scene", "step", "done"]
    assert heard(hub, last=3) == [{"kind": "done", "name": "x"}]


def test_new_scene_makes_the_last_one_void(hub: Hub) -> None:
    """What was told of other scenes is not kept: a long talk needs no more than a short one."""
    hub.tell("words", {})
    for _ in range(20):
        hub.tell("scene", {})
        hub.tell("step", {})
    assert kinds(hub) == ["look", "words", "scene", "step"]


def test_progress_takes_the_place_of_progress(hub: Hub) -> None:
    """Of a build's thousand lines only the last is kept."""
    for number in range(1000):
        hub.tell("progress", {"line": number})
    assert [each.get("line") for each in heard(hub)] == [None, 999]


def test_look_goes_round(hub: Hub) -> None:
    """A key leads to the other language and back; only what holds now is kept."""
    assert heard(hub) == [{"kind": "look", "lang": "ja", "theme": "dark", "view": "talk"}]
    hub.change("lang")
    hub.change("theme")
    assert heard(hub) == [{"kind": "look", "lang": "en", "theme": "light", "view": "talk"}]


def test_page_is_told_at_once(hub: Hub) -> None:
    """Who waits hears what is told, and not after a while."""
    following = hub.follow(1)
    begin = monotonic()
    Thread(target=hub.tell, args=["step", {}]).start()
    assert '"step"' in next(following)
    assert monotonic() - begin < hubs.ALIVE / 2


def test_closed_hub_lets_pages_end(hub: Hub) -> None:
    """What was told last is heard, and then there is no more; nobody is waited for who is gone."""
    hub.tell("over", {})

    def read(following: Iterator[str]) -> None:
        pages.append("".join(following))

    pages: list[str] = []
    page = Thread(target=read, args=[hub.follow()])
    page.start()
    hub.close(limit=10)
    page.join()
    assert '"over"' in pages[0]
    assert hub.viewers == 0
    begin = monotonic()
    hub.close(limit=10)
    assert monotonic() - begin < 5


def test_silent_talk_shows_which_pages_are_closed(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something is sent now and then, so that a page that was closed is noticed."""
    monkeypatch.setattr(hubs, "ALIVE", 0.01)
    assert next(hub.follow(1)) == ":\n\n"


def test_closed_page_is_noticed(hub: Hub) -> None:
    """When the last page is closed in the middle of a talk, somebody is told; not at its end."""
    noticed: list[int] = []
    hub.deserted = lambda: noticed.append(hub.viewers)
    pages = [hub.follow(), hub.follow()]
    for page in pages:
        next(page)
    for page, expected in zip(pages, ([], [0]), strict=True):
        page.close()  # type: ignore[attr-defined]
        assert noticed == expected
    hub.close(limit=0)
    assert list(hub.follow(1)) == []
    assert noticed == [0]
