"""The commands of a talk: what is told, shown again, and handed out."""

from typing import Annotated

from deployment_drift import files
from deployment_drift.cli import Telling
from deployment_drift.commands import command

PACE = "how many times as fast as it was (default: 1, its own pace, also with --auto)"


@command(
    "lang",
    "full",
    "events",
    "auto",
    minutes="how long the talk is: 10, 20 or 40",
    notes="show what to say, and by when, while it is given in another terminal",
)
def talk(how: Telling, minutes: int = 10, notes: bool = False) -> int:
    """Give the talk: its scenes in their order, one idea at a time, each on a key."""
    from deployment_drift.stage import talk as stage

    return stage.notes(how, minutes) if notes else stage.talk(how, minutes)


@command(
    "lang",
    "events",
    "auto",
    minutes="how long the talk is: 10, 20 or 40",
    port="where the pages are served (0: any port that is free)",
    replay="show what --events has written, or a scene's own recording: nothing runs",
    speed=PACE,
)
def stage(
    how: Telling, minutes: int = 10, port: int = 8321, replay: str = "", speed: str = "1"
) -> int:
    """Give the talk on a page for the beamer, with one for the speaker beside it."""
    from pathlib import Path

    from deployment_drift.stage import stage

    if replay:
        return stage.show(how, Path(replay), port, speed)
    return stage.give(how, minutes, port)


@command(
    "lang",
    "full",
    "step",
    "auto",
    file="what --events has written, or a scene's own recording",
    speed=PACE,
)
def replay(how: Telling, file: str, speed: str = "1") -> int:
    """Show a recorded scene or talk: nothing has to be installed, and nothing runs."""
    from pathlib import Path

    from deployment_drift.stage import replay as stage

    return stage.replay(Path(file), how, speed)


@command(
    "lang",
    "keep",
    positional=["name"],
    name="which one (default: list them)",
    hint="say the next hint instead",
    again="start over; the attempt before it is kept beside the new one",
)
def exercise(how: Telling, name: str | None = None, hint: bool = False, again: bool = False) -> int:
    """Repair a broken release: names a goal, checks your attempt, and gives hints."""
    from deployment_drift.stage import coach

    if not name:
        return coach.overview(how.lang)
    if hint or again:
        return coach.hint(name, how.lang) if hint else coach.again(name, how.lang)
    return coach.check(name, how.lang, keep=how.keep)


@command("lang", output="the HTML file to write (default: handout.en.html)", pdf="write a PDF, too")
def handout(
    how: Telling,
    output: Annotated[str, files.HANDOUT] = "",
    pdf: Annotated[str, files.PDF] = "",
) -> int:
    """Write what the last runs of the scenes have shown as one page for attendees."""
    from deployment_drift import upkeep

    return upkeep.handout(how.lang, output, pdf)


@command("lang", minutes="how long the talk is that is to be ready: 10, 20 or 40")
def prepare(how: Telling, minutes: int = 20) -> int:
    """Fetch and build all that a talk needs, and play it once with no network."""
    from deployment_drift.stage import prepare as stage

    return stage.prepare(how, minutes)


@command(positional=["file"], file="the archive to write", minutes="how long the talk is")
def pack(_: Telling, file: Annotated[str, files.ARCHIVE], minutes: int = 20) -> int:
    """Write all that a second laptop needs into one archive: images, wheels, packages."""
    from deployment_drift.stage import pack as stage

    return stage.told(stage.pack(file, minutes))


@command(positional=["file"], file="an archive that `pack` has written")
def unpack(_: Telling, file: str) -> int:
    """Take such an archive: from then on the talk needs no network here."""
    from deployment_drift.stage import pack, unpack

    return pack.told(unpack.unpack(file))


@command("lang", notes="print the speaker's notes for each step instead")
def story(how: Telling, notes: bool = False) -> int:
    """Tell the talk's scenes in their order, and which are ready to be played here."""
    from deployment_drift import upkeep

    return upkeep.notes(how.lang) if notes else upkeep.story(how.lang)
