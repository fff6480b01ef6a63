"""What a target was told of a release, kept beside it there, and what it says now."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields

from deployment_drift.errors import DriftError
from deployment_drift.ship.release import Release

LABEL = "deployment-drift.release"
"""The label, or annotation, of what is ours on a target: its value is the release, as JSON."""


@dataclass(frozen=True, slots=True)
class Running:
    """A release on a target: as it was `told`, and as it is `found` now."""

    told: Release
    found: Release


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


def drift(running: Running) -> list[str]:
    """Return what somebody has changed by hand, a line each; variables without their values."""
    told, found = running.told, running.found
    plain = [each.name for each in fields(Release) if each.name != "env"]
    return [
        *(
            f"{name}: told {was}, now {now}"
            for name in plain
            if (was := getattr(told, name)) != (now := getattr(found, name))
        ),
        *_variables(told.env, found.env),
    ]


def _variables(told: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*told, *found}):
        if told.get(name) != found.get(name):
            how = "added" if name not in told else "gone" if name not in found else "another value"
            yield f"variable {name}: {how}"
