"""Plays one scene, or those of a whole talk, at the speaker's pace."""

from collections.abc import Sequence

from deployment_drift.cli import NOT_PLAYED, Telling, message
from deployment_drift.errors import DriftError
from deployment_drift.events import Listener, Report
from deployment_drift.report.document import measured, remember, written
from deployment_drift.report.language import Language, speak
from deployment_drift.report.terminal import console
from deployment_drift.run import play
from deployment_drift.scene import Scene
from deployment_drift.scenes import story
from deployment_drift.stage.keys import BACK, keys
from deployment_drift.stage.screen import Stage


def scene(scene: Scene, how: Telling, language: Language) -> Report:
    """Play one scene, one idea at a time.

    Raises DriftError where no keys can be pressed, or it could not be played.
    """
    with keys(how.auto) as pressed, written(how.events) as lines:
        stage = Stage(console(), language, pressed, full=how.full, keep=how.keep)
        return act(scene, stage, lines)


def talk(how: Telling, minutes: int) -> int:
    """Play the scenes of a talk that has so many minutes; the worst of their statuses is its own.

    Raises DriftError where no scene is that short, or no keys can be pressed.
    """
    told = [scene for scene in story() if scene.minutes <= minutes]
    if not told:
        raise DriftError(f"--minutes {minutes}: no scene is that short", hint="--minutes 10")
    with keys(how.auto) as pressed, written(how.events) as lines:
        stage = Stage(console(), speak(how.lang), pressed, full=how.full)
        return max(repeated(scene, stage, lines) for scene in told)


def repeated(scene: Scene, stage: Stage, others: Sequence[Listener]) -> int:
    """Play a scene until the speaker goes on, and return its status; one that fails is told."""
    while True:
        try:
            status = act(scene, stage, others).status
        except DriftError as error:
            stage.console.print(message(error), style="bold red")
            status = NOT_PLAYED
        if stage.rest() != BACK:
            return status


def act(scene: Scene, stage: Stage, others: Sequence[Listener]) -> Report:
    """Play a scene on the speaker's screen, and remember what it came to."""
    try:
        report = play(scene, stage, *others, keep=stage.keep, gate=stage.gate)
    finally:
        stage.live.stop()
    remember(scene.name, measured(report, stage.language))
    return report
