"""What was told while a scene was played, with its times: kept, and read where nothing can run."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, get_args

from deployment_drift import events, files, paths
from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.comparison import Comparison
from deployment_drift.errors import DriftError
from deployment_drift.events import (
    Compared,
    Container,
    Event,
    HostJoined,
    Measured,
    Report,
    Running,
    SceneStarted,
    Shown,
    StepDone,
    StepStarted,
)
from deployment_drift.records import Check, Host, Observation, Status, Verdict
from deployment_drift.report.document import kind, line
from deployment_drift.scene import Collector, same_servers

KINDS: Mapping[str, Any] = {kind(each): each for each in get_args(events.Event)}
Told = tuple[float, Event]
"""An event, and when it was told: seconds since the start."""


@dataclass(frozen=True)
class Recording:
    """A scene as it was told on some day: its steps by their names, each with what it told."""

    day: datetime
    began: SceneStarted
    steps: Mapping[str, Sequence[Told]]
    report: Report

    @property
    def when(self) -> str:
        """The day and the time, where the audience is."""
        return f"{self.day.astimezone():%Y-%m-%d %H:%M}"


class Recorder:
    """A listener that remembers each event and when it was told; writing waits until the end."""

    def __init__(self) -> None:
        self._begin = perf_counter()
        self._told: list[Told] = []

    def __call__(self, event: Event) -> None:
        """Remember an event."""
        self._told.append((perf_counter() - self._begin, event))

    def keep(self, report: Report) -> None:
        """Write down a run that has shown what its scene claims; a full disk costs only that."""
        if report.status:
            return
        lines = "".join(f"{line(event, at)}\n" for at, event in self._told)
        with suppress(OSError, DriftError):
            file(report.scene).parent.mkdir(exist_ok=True)
            files.write(file(report.scene), lines)


def file(scene: str) -> Path:
    """Return where the last run of a scene is kept that has shown what it claims."""
    return paths.state() / "recordings" / f"{scene}.jsonl"


def last(scene: str) -> Recording | None:
    """Return the last run of a scene that showed what it claims, None where there is none."""
    try:
        return read(file(scene))[-1]
    except DriftError:
        return None


def read(path: Path) -> list[Recording]:
    """Return the scenes of a file of events, each that was played to its end.

    Raises DriftError where it cannot be read, is something else, or holds no whole scene.
    """
    hint = paths.typed("demo-drift --events FILE")
    try:
        lines = path.read_text("utf-8").splitlines()
        told = [_content(line, number) for number, line in enumerate(lines, 1)]
        whole = [_recording(scene) for scene in _scenes(told)]
    except OSError as error:
        raise DriftError(f"{path}: {error.strerror}", hint=hint) from error
    except ValueError as error:
        raise DriftError(f"{path} is not a recording: {error}", hint=hint) from error
    if not whole:
        raise DriftError(f"{path}: no scene in it was played to its end", hint=hint)
    return whole


def _content(line: str, number: int) -> dict[str, Any]:
    """Return what stands on a line; ValueError where that is no event."""
    from jsonschema.exceptions import best_match

    from deployment_drift.probe.observe import unsound

    try:
        content = json.loads(line)
        fault = unsound(content) or best_match(_validator().iter_errors(content))
    except (ValueError, RecursionError) as error:
        fault = str(error)
    if fault:
        raise ValueError(f"line {number}: {getattr(fault, 'message', fault)[:200]}")
    return dict(content)


@cache
def _validator() -> Any:  # noqa: ANN401 -- jsonschema's protocol
    from jsonschema.validators import validator_for

    from deployment_drift.probe.snapshot import schema

    found = schema("event")
    return validator_for(found)(found)


def _scenes(told: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """Yield the lines of each scene that has an end."""
    begin = 0
    for place, content in enumerate(told):
        if content["event"] == "scene_started":
            begin = place
        elif content["event"] == "report":
            yield told[begin : place + 1]


def _recording(told: Sequence[dict[str, Any]]) -> Recording:
    """Return a scene of its lines; ValueError where they are not those of one scene."""
    head, *body, tail = told
    began = _event(head)
    if not isinstance(began, SceneStarted):
        raise ValueError("a scene in it has no beginning")  # noqa: TRY004 -- of a file
    heard, steps, step = Collector(), dict[str, list[Told]](), list[Told]()
    for content in body:
        event = _event(content)
        heard(event)
        if isinstance(event, StepStarted):
            steps[event.name] = step = []
        step.append((content["at"], event))
    if unlike := set(began.steps) ^ steps.keys():
        raise ValueError(f"steps were not played, or not announced: {', '.join(sorted(unlike))}")
    return Recording(datetime.fromisoformat(head["date"]), began, steps, _report(tail, heard))


def _event(content: Mapping[str, Any]) -> Event:
    told = {name: value for name, value in content.items() if name not in {"at", "event", "date"}}
    match content["event"]:
        case "scene_started":
            return SceneStarted(told["name"], Verdict(told["expects"]), tuple(told["steps"]))
        case "host_joined":
            return HostJoined(Host(**told["host"]))
        case "running":
            return _running(**told)
        case "compared":
            return Compared(_comparison(**told["comparison"]))
        case other:
            made: Event = KINDS[other](**told)
            return made


def _running(containers: Sequence[Mapping[str, Any]], **about: str) -> Running:
    told = ({**each, "programs": tuple(each["programs"])} for each in containers)
    return Running(**about, containers=tuple(Container(**each) for each in told))


def _comparison(
    check: dict[str, str],
    observations: dict[str, dict[str, Any]],
    **notes: Any,  # noqa: ANN401
) -> Comparison:
    seen = {
        host: Observation(Status(each["status"]), each["value"], each["reason"])
        for host, each in observations.items()
    }
    return Comparison(Check(**check), seen, **notes)


def _report(told: Mapping[str, Any], heard: Collector) -> Report:
    hosts = {each.host.name: each.host for each in heard.of(HostJoined)}
    return Report(
        scene=told["scene"],
        expects=Verdict(told["expects"]),
        verdict=Verdict(told["verdict"]),
        hosts=tuple(hosts.values()),
        comparisons=tuple(each.comparison for each in heard.of(Compared)),
        steps=heard.of(StepDone),
        unneeded=tuple(map(_allowance, told["unneeded"])),
        statements=heard.of(Shown),
        measurements=heard.of(Measured),
        missing=tuple(told["missing"]),
        misspelt=tuple((check, near) for check, near in told["misspelt"]),
        unfound=tuple((kind, tuple(hosts)) for kind, hosts in told["unfound"]),
        same_servers=same_servers(heard),
    )


def _allowance(told: Mapping[str, str]) -> Allowance:
    return Allowance(told["check"], told["reason"], date.fromisoformat(told["expires"]))
