"""What the pages were told of the present scene: kept for whoever looks now, or comes later."""

import json
from collections.abc import Callable, Iterator, Mapping
from threading import Condition
from typing import Any

from deployment_drift.report.language import LANGUAGES

ALIVE = 2.0
"""Seconds after which a page is told that there is nothing new: only so a closed one shows."""
LOOKS = {"lang": LANGUAGES, "theme": ("dark", "light"), "view": ("talk", "picture")}
"""What a key changes on every page at once, and its choices."""
STANDING = ("look", "words", "begun")
"""What stands until the same is told anew, whichever scene is shown."""


class Hub:
    """Numbers what is told; each page follows at its own pace, and may come back to its place.

    deserted: is called when the last page was closed, and the talk is not over.
    """

    def __init__(self, **look: str) -> None:
        self.viewers = 0
        self.deserted: Callable[[], None] = lambda: None
        self._look = {name: choices[0] for name, choices in LOOKS.items()} | look
        self._told: list[tuple[int, str, str]] = []
        self._number = 0
        self._changed = Condition()
        self._closed = False
        self.tell("look", self._look)

    def tell(self, kind: str, content: Mapping[str, Any]) -> None:
        """Tell every page; content: what JSON can say, by names."""
        with self._changed:
            self._forget(kind)
            self._number += 1
            text = json.dumps({"kind": kind, **content}, ensure_ascii=False)
            self._told.append((self._number, kind, text))
            self._changed.notify_all()

    def _forget(self, kind: str) -> None:
        """Drop what this makes void: a scene all before it, a line of progress the last one."""
        if kind == "scene":
            self._told = [each for each in self._told if each[1] in STANDING]
        elif kind in STANDING:
            self._told = [each for each in self._told if each[1] != kind]
        elif self._told and kind == "progress" == self._told[-1][1]:
            self._told.pop()

    def change(self, name: str) -> None:
        """Change how every page looks: to the next language, or theme."""
        choices = LOOKS[name]
        place = choices.index(self._look[name]) + 1
        self._look[name] = choices[place % len(choices)]
        self.tell("look", self._look)

    def follow(self, last: int = 0) -> Iterator[str]:
        """Yield what comes behind that number as server-sent events, until the hub is closed."""
        with self._changed:
            self.viewers += 1
        try:
            while (more := self._after(last)) is not None:
                for number, _, text in more:
                    last = number
                    yield f"id: {number}\ndata: {text}\n\n"
                if not more:
                    yield ":\n\n"
        finally:
            with self._changed:
                self.viewers -= 1
                self._changed.notify_all()
                deserted = not self.viewers and not self._closed
            if deserted:
                self.deserted()

    def _after(self, last: int) -> list[tuple[int, str, str]] | None:
        """Wait for what comes behind a number; [] after a while of nothing, None in the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > last or self._closed, ALIVE)
            more = self.told(last)
            return None if self._closed and not more else more

    def told(self, last: int = 0) -> list[tuple[int, str, str]]:
        """Return what was told behind a number and still holds: its number, kind and text."""
        return [each for each in self._told if each[0] > last]

    def close(self, limit: float) -> None:
        """Let each page have what it was told last, for at most `limit` seconds."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self.viewers, limit)
