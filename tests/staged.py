"""A recorded scene that no engine played: two servers, any number of checks, evil values."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from deployment_drift.compare.comparison import Check, Comparison, Verdict
from deployment_drift.events import (
    Compared,
    Container,
    Event,
    Found,
    HostJoined,
    Measured,
    Report,
    Running,
    SceneStarted,
    Shown,
    StepDone,
    StepStarted,
)
from deployment_drift.records import JSON, Host, Observation, Status
from deployment_drift.report.document import line
from deployment_drift.report.figures import DRAWN

STEPS = ("engine", "hosts", "checks", "stop")
EVIL = '<img src=x onerror="document.title=1">\x1b[2J'
SUBJECTS = ("shop", "php", "settings", "mail", "system")
LOCAL = Container("local", "sha256:1111111", "Debian 13", "8.4.28", ("apache2", EVIL))
RELEASE = Container("release", "sha256:2222222", "Debian 12", "8.2.36", ("apache2",))


def compared(name: str, subject: str, here: JSON, there: JSON) -> Compared:
    """Return a check's answers of two servers."""
    values = {"local": here, "release": there}
    seen = {host: Observation(Status.VALUE, value) for host, value in values.items()}
    return Compared(Comparison(Check(name, subject, f"Check {name}", f"Why {name}."), seen))


def checks(count: int) -> Iterator[Compared]:
    """Yield so many checks, one in three of which differs; the first is the shop's price."""
    yield compared("offer", "shop", 31, 32)
    yield compared("evil", "shop", EVIL, "fine")
    for number in range(2, count):
        other = number if number % 3 else -number
        yield compared(f"check_{number}", SUBJECTS[number % len(SUBJECTS)], number, other)


def told(count: int) -> Iterator[Event]:
    """Yield what a scene tells that makes so many checks."""
    yield SceneStarted("drift", Verdict.DRIFT, STEPS)
    for number, step in enumerate(STEPS, 1):
        yield StepStarted(step, number)
        yield from during(step, count)
        yield StepDone(step, number / 2)
    yield Report("drift", Verdict.DRIFT, Verdict.DRIFT, (), ())


def during(step: str, count: int) -> Iterator[Event]:
    """Yield what one of its steps tells."""
    if step == "engine":
        yield Found("engine", EVIL)
    elif step == "hosts":
        yield Running("Debian GNU/Linux 12", "20.10", (LOCAL,))
        yield Running("Debian GNU/Linux 12", "20.10", (LOCAL, RELEASE))
        yield HostJoined(Host("local", "docker://drift-local", LOCAL.image, "http://127.0.0.1:9"))
        yield HostJoined(Host("release", "docker://drift-release", RELEASE.image))
    elif step == "checks":
        yield from checks(count)
        yield Shown("one_kernel", holds=True, values={"kernel": EVIL})
    elif step == "stop":
        yield Running("Debian GNU/Linux 12", "20.10", ())


def found(path: Path, scene: str, layers: Mapping[str, str]) -> Path:
    """Write a recording of a scene that has found what lies below PHP, and how soon it answered."""
    measured = [Measured(subject, DRAWN, below) for subject, below in layers.items()]
    measured += [Measured(subject, "answer", 1.5, "s", 1, 2) for subject in layers]
    steps = ("engine", "stop")
    told = [
        SceneStarted(scene, Verdict.SHOWN, steps),
        *(
            event
            for n, step in enumerate(steps)
            for event in (StepStarted(step, n + 1), StepDone(step, 1))
        ),
        *measured,
        Report(scene, Verdict.SHOWN, Verdict.SHOWN, (), (), measurements=tuple(measured)),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line(event, 0.001)}\n" for event in told), "utf-8")
    return path


def written(path: Path, count: int = 40, scenes: int = 1) -> Path:
    """Write such a recording, as --events does, and return its file."""
    lines = [line(event, place / 1000) for place, event in enumerate(told(count))]
    path.write_text("\n".join(lines * scenes) + "\n", "utf-8")
    return path
