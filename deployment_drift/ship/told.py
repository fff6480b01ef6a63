"""What a target was told of a release, kept beside it there, and what it says now."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from deployment_drift.errors import DriftError
from deployment_drift.ship.release import Release

LABEL = "deployment-drift.release"
"""The label, or annotation, of what is ours on a target: its value is the release, as JSON."""
KEPT = "deployment-drift.settings"
"""The one with all that the target itself said of a release when that was new."""
UNKNOWN = "nothing says what else was set there when it was released"
_VARIABLE = re.compile(r"(?:^|\.)env\.(\w+)", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?:^|\.)(?:cmd|args|\w*command|entrypoint|test|log\w+)(?:\.|$)", re.IGNORECASE
)
"""Where there may be a secret, as in a program's arguments: it is named without its value."""
_NAMES = ("name", "Name", "Target")

Settings = Mapping[str, Any]
"""All that a target says, each value by where it says it, as `HostConfig.Privileged`."""


@dataclass(frozen=True, slots=True)
class Running:
    """A release on a target: as it was `told`, and as it is `found` now.

    was, now: what the target said beyond that when it was released, and says now; `was` is None
    where nobody has kept it. well: whether it runs, and no release was left half done there.
    """

    told: Release
    found: Release
    was: Settings | None = field(default_factory=dict)
    now: Settings = field(default_factory=dict)
    well: bool = True


def written(release: Release) -> str:
    """Return a release as the value of a label."""
    return json.dumps(asdict(release), sort_keys=True)


def read_back(label: str | None, where: str) -> Release:
    """Return the release of a label. Raises DriftError where it is not one of ours."""
    try:
        return Release(**json.loads(label or ""))
    except (ValueError, TypeError):
        what = f"{where} was not released by ship.release: nothing says what it should be"
        hint = "take it down by what started it, or release elsewhere"
        raise DriftError(what, hint=hint) from None


def kept(release: Release, settings: Settings) -> str:
    """Return what a target says of a release that is new there, as the value of a label."""
    return json.dumps({"release": written(release), "settings": settings}, sort_keys=True)


def remembered(label: str | None, release: Release) -> Settings | None:
    """Return what a target said when a release was new; None where that is not known."""
    said = json.loads(label or "{}")
    return said["settings"] if said.get("release") == written(release) else None


def settings(said: object, without: Iterable[str] = (), path: str = "") -> Settings:
    """Return all that a target says, by where it says it; what is empty says nothing.

    without: places that are left out, with all that is below them.
    """
    if any(path == each or path.startswith(f"{each}.") for each in without):
        return {}
    if not isinstance(said, Mapping | list):
        return {path: said} if said not in (None, "") else {}
    parts = said.items() if isinstance(said, Mapping) else _listed(said)
    places = (settings(part, without, f"{path}.{name}".lstrip(".")) for name, part in parts)
    return {place: value for each in places for place, value in each.items()}


def _listed(said: list[Any]) -> Iterator[tuple[str, object]]:
    """Yield the parts of a list by their names, which stay where something is put before them."""
    for number, each in enumerate(said):
        if isinstance(each, Mapping):
            yield next((str(each[key]) for key in _NAMES if each.get(key)), str(number)), each
        else:
            yield str(number), each


def drift(running: Running) -> list[str]:
    """Return what somebody has changed by hand, a line each; variables without their values."""
    told, found = running.told, running.found
    plain = [each.name for each in fields(Release) if each.name != "env"]
    named = [
        *(
            f"{name}: told {was}, now {now}"
            for name in plain
            if (was := getattr(told, name)) != (now := getattr(found, name))
        ),
        *_variables(told.env, found.env),
        *_settings(running.was, running.now),
    ]
    return list(dict.fromkeys(named))


def _variables(told: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*told, *found}):
        if told.get(name) != found.get(name):
            yield f"variable {name}: {_how(name in told, name in found)}"


def _settings(was: Settings | None, now: Settings) -> Iterator[str]:
    if was is None:
        yield UNKNOWN
        return
    for place in sorted({*was, *now}):
        if was.get(place) != now.get(place):
            how = _how(place in was, place in now)
            if variable := _VARIABLE.search(place):
                yield f"variable {variable[1]}: {how}"
            elif _HIDDEN.search(place):
                yield f"{place}: {how}"
            else:
                yield f"{place}: told {was.get(place, 'nothing')}, now {now.get(place, 'nothing')}"


def _how(before: object, after: object) -> str:
    return "another value" if before and after else "gone" if before else "added"
