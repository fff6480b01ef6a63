"""Remembers what the last run of every scene came to."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from deployment_drift import paths


def remember(scene: str, document: str) -> None:
    """Write a scene's JSON document down; a full disk loses the memory and not the scene."""
    with suppress(OSError):
        file = _file(scene)
        file.parent.mkdir(exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(document, "utf-8")
        fresh.replace(file)


def last(scene: str) -> dict[str, Any] | None:
    """Return the document of a scene's last run, None where it was never played."""
    try:
        found: dict[str, Any] = json.loads(_file(scene).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _file(scene: str) -> Path:
    return paths.state() / "reports" / f"{scene}.json"
