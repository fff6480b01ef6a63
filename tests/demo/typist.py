"""A speaker who types by hand, at each step of a scene, what the stage says could be typed."""

import re
import subprocess
from dataclasses import dataclass, field

from rich.console import Console

from deployment_drift.events import Listener, Report
from deployment_drift.report.language import load
from deployment_drift.run import play
from deployment_drift.scene import Scene
from deployment_drift.stage.keys import Clock
from deployment_drift.stage.screen import Stage

TELLING = re.compile(r"[\w.:-]*[\d@][\w.:@-]*")
"""A word that tells something: a version, a digest, a price, an address."""


@dataclass
class Typist:
    """Plays a scene, types its commands, and keeps of each what was printed and what was shown."""

    scene: Scene
    stage: Stage = field(default_factory=lambda: Stage(Console(quiet=True), load("en"), Clock(0)))
    typed: dict[str, tuple[str, str]] = field(default_factory=dict)

    def play(self, *listeners: Listener) -> Report:
        """Play the scene, and type at each step."""
        return play(self.scene, self.stage, *listeners, gate=self._gate)

    def _gate(self, following: str) -> str:
        self.type()
        return following

    def type(self) -> None:
        """Type what the last step has to type."""
        shown = "\n".join(each.text.plain for each in self.stage.ideas)
        for line in self.stage.commands():
            ended = subprocess.run(["sh", "-c", line], capture_output=True, check=True)
            self.typed[line] = ended.stdout.decode(), shown

    def mistaken(self) -> list[str]:
        """Return the commands that gave nothing of what was shown."""
        return [
            line
            for line, (printed, shown) in self.typed.items()
            if not telling(printed) & telling(shown)
        ]


def telling(text: str) -> set[str]:
    """Return the words that tell something, without what ends a sentence."""
    return {word.rstrip(".:") for word in TELLING.findall(text)}
