"""Fills a release into what deploy/ says to each target: one release, as many descriptions."""

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template

from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import written

FOLDER = "deploy"
KINDS = (".json", ".yaml")
SHOP, SPOOL = "kubernetes/shop", "kubernetes/spool"
EXPANDING = ("swarm",)
"""Descriptions whose reader replaces variables: there a dollar sign is written twice."""


def describe(root: Path, name: str, release: Release) -> str:
    """Return the description `deploy/NAME.*` of a release, as its target reads it.

    Whatever is filled in is JSON, which is YAML as well: no value of a variable can become
    anything else. Raises DriftError for a name that is not there.
    """
    found = [path for path in (root / FOLDER).rglob("*.*") if path.suffix in KINDS]
    files = {_name(root, path): path for path in found}
    if name not in files:
        what = f"there is no description {name!r} in {root / FOLDER}"
        raise DriftError(what, hint=f"{typed('ship.describe')} {'|'.join(sorted(files))}")
    written = {key: json.dumps(value) for key, value in _values(release).items()}
    if name in EXPANDING:
        written = {key: value.replace("$", "$$") for key, value in written.items()}
    return Template(files[name].read_text("utf-8")).substitute(written)


def _name(root: Path, file: Path) -> str:
    return file.relative_to(root / FOLDER).with_suffix("").as_posix()


def _values(release: Release) -> Mapping[str, object]:
    """Return what a description may name in `${…}`."""
    variables = dict(release.env)
    return {
        "image": release.image,
        "variables": variables,
        "named": [{"name": name, "value": value} for name, value in variables.items()],
        "told": written(release),
        "user": release.user,
        "port": release.port,
        "health": list(release.health),
        "check": ["CMD", *release.health],
        "memory": release.memory,
        "pids": release.pids,
        "replicas": release.replicas,
        "spool": release.spool,
    }
