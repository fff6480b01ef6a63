"""Plays one scene, or those of a whole talk, at the speaker's pace."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deployment_drift.cli import NOT_PLAYED, Telling
from deployment_drift.errors import DriftError, EngineError
from deployment_drift.events import Listener, Report
from deployment_drift.report.document import measured, remember, written
from deployment_drift.report.language import Language, speak
from deployment_drift.report.terminal import console
from deployment_drift.run import Gate, play
from deployment_drift.scene import Scene
from deployment_drift.scenes import story
from deployment_drift.stage.keys import BACK, RECORDED, keys
from deployment_drift.stage.lectern import AbandonedError, Lectern
from deployment_drift.stage.notes import follow, told
from deployment_drift.stage.recording import Recorder, last
from deployment_drift.stage.screen import Stage

FINDS = "engine"
"""The step before whose end nothing runs."""


def scene(scene: Scene, how: Telling, language: Language) -> Report:
    """Play one scene, one idea at a time.

    Raises DriftError where no keys can be pressed, or it could not be played.
    """
    with keys(how.auto) as pressed, written(how.events) as lines, told() as noted:
        stage = Stage(console(), language, pressed, full=how.full, keep=how.keep)
        try:
            return act(scene, stage, [*lines, *noted])
        except AbandonedError:
            show_recorded(scene, stage)
            raise
        except DriftError:
            fall_back(scene, stage)
            raise


def talk(how: Telling, minutes: int) -> int:
    """Play the scenes of a talk that has so many minutes; the worst of their statuses is its own.

    Raises DriftError where no scene is that short, or no keys can be pressed.
    """
    scenes = chosen(minutes)
    with keys(how.auto) as pressed, written(how.events) as lines, told() as noted:
        stage = Stage(console(), speak(how.lang), pressed, full=how.full)
        return max(repeated(scene, stage, [*lines, *noted]) for scene in scenes)


def notes(how: Telling, minutes: int) -> int:
    """Show the notes of the talk of so many minutes that is given in another terminal."""
    follow(chosen(minutes), minutes, speak(how.lang))
    return 0


def chosen(minutes: int) -> list[Scene]:
    """Return the scenes of a talk that has so many minutes.

    Raises DriftError where no scene is that short.
    """
    scenes = [scene for scene in story() if scene.minutes <= minutes]
    if not scenes:
        raise DriftError(f"--minutes {minutes}: no scene is that short", hint="--minutes 10")
    return scenes


def repeated(scene: Scene, stage: Lectern, others: Sequence[Listener]) -> int:
    """Play a scene until the speaker goes on, and return its status; one that fails is told."""
    while True:
        key = ""
        try:
            status = act(scene, stage, others).status
        except AbandonedError:
            status, key = NOT_PLAYED, show_recorded(scene, stage)
        except DriftError as error:
            stage.fail(error)
            with behind(error, stage.played):
                status, key = NOT_PLAYED, fall_back(scene, stage)
        if (key or stage.rest()) != BACK:
            return status


@contextmanager
def behind(error: DriftError, step: str) -> Iterator[None]:
    """Let nobody who leaves a talk behind a lost engine read that nothing is left there."""
    try:
        yield
    except KeyboardInterrupt:
        if isinstance(error, EngineError) and step != FINDS:
            left = "what ran on the engine that was lost is cleaned up by the next scene"
            raise KeyboardInterrupt(left) from None
        raise


def act(scene: Scene, stage: Lectern, others: Sequence[Listener]) -> Report:
    """Play a scene on the speaker's screen, and remember what it came to."""
    recorder = Recorder()
    try:
        report = play(scene, stage, recorder, *others, keep=stage.keep, gate=stage.gate)
    finally:
        stage.end()
    recorder.keep(report)
    remember(scene.name, measured(report, stage.language))
    return report


def fall_back(scene: Scene, stage: Lectern) -> str:
    """Offer what was recorded of a scene, from the step on that has failed.

    Returns the key that led on, "" where there was nothing to offer.
    """
    if not (recorded := last(scene.name)):
        return ""
    stage.offer(recorded.when)
    key = stage.rest(RECORDED)
    return show_recorded(scene, stage) if key == RECORDED else key


def show_recorded(scene: Scene, stage: Lectern) -> str:
    """Show what was recorded of a scene, from the step on that was played last.

    Returns the key that led on behind its end, "" where there is no recording.
    """
    from deployment_drift.stage import replay

    if not (recorded := last(scene.name)):
        return ""
    stage.recorded = recorded.when
    replay.tell(recorded, stage, gate=at_once(stage.played, stage.gate))
    stage.recorded = ""
    return stage.rest()


def at_once(step: str, gate: Gate) -> Gate:
    """Return a gate that waits nowhere in front of this step, and everywhere behind it."""
    first = iter([step])
    return lambda following: next(first, "") or gate(following)
