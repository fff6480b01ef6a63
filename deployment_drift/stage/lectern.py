"""The lectern: a speaker leads from there through the ideas of a step, and on to the next one."""

from collections.abc import Sequence, Sized

from deployment_drift.errors import DriftError
from deployment_drift.events import Event
from deployment_drift.report.language import Language
from deployment_drift.stage.keys import BACK, COMMANDS, HELP, LEAVE, NEXT, RECORDED, SHELL, Keys
from deployment_drift.stage.recording import file


class AbandonedError(DriftError):
    """The speaker has left a scene for its recording."""


SECOND_DIGIT = 1.0
"""Seconds in which it has to be pressed."""


class Lectern:
    """What a talk is led by; where it is drawn, a terminal or a page, fills in the rest.

    `played` is the step that was played last, `ideas` are what there is to say of it, and `seen`
    how many of them are.
    """

    keys: Keys
    language: Language
    keep: bool
    recorded: str
    scene: str
    played: str
    steps: Sequence[str]
    ideas: Sized
    seen: int

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw what was seen, and the newest idea."""
        raise NotImplementedError

    def shell(self) -> None:
        """Open a shell that knows the servers, and wait until it is left."""
        raise NotImplementedError

    def show_commands(self) -> None:
        """Show what could be typed to see what the last step has shown."""
        raise NotImplementedError

    def help(self) -> None:
        """Say what each key does."""
        raise NotImplementedError

    def fail(self, error: DriftError) -> None:
        """Tell that a scene cannot go on."""
        raise NotImplementedError

    def offer(self, when: str) -> None:
        """Offer what was recorded then."""
        raise NotImplementedError

    def end(self) -> None:
        """Stop whatever moves."""

    def gate(self, following: str) -> str:
        """Let the speaker go through what was shown, and return the step to play next."""
        self.seen = 1
        self.keys.forget()
        while True:
            self.draw()
            key = self.keys.read()
            if key == NEXT and self.seen >= len(self.ideas):
                return following
            if key == BACK and self.played:
                return self.played
            if key == RECORDED:
                self.abandon()
            if key.isdecimal() and (wanted := self.jump(key)):
                return wanted
            self.obey(key)

    def abandon(self) -> None:
        """Leave the scene for its recording, where there is one and it is not shown already.

        Raises AbandonedError.
        """
        if self.played and not self.recorded and file(self.scene).is_file():
            raise AbandonedError(f"{self.scene} was left for its recording")

    def jump(self, digits: str) -> str:
        """Return the step of that number, "" for none; a second digit may follow."""
        if int(digits) * 10 <= len(self.steps):
            more = self.keys.read(SECOND_DIGIT)
            digits += more if more.isdecimal() else ""
        number = int(digits)
        return self.steps[number - 1] if 1 <= number <= len(self.steps) else ""

    def obey(self, key: str) -> None:
        """Do what a key asks for that leads to no step."""
        if key == NEXT:
            self.seen += 1
        elif key == SHELL:
            self.shell()
        elif key == COMMANDS:
            self.show_commands()
        elif key == HELP:
            self.help()
        elif key == LEAVE:
            raise KeyboardInterrupt

    def rest(self, *also: str) -> str:
        """Wait behind the scene's answer; return the key that leads on or plays it again.

        also: other keys that end the wait.
        """
        self.keys.forget()
        while (key := self.keys.read()) not in {NEXT, BACK, *also}:
            if key in {HELP, LEAVE}:
                self.obey(key)
        return key
