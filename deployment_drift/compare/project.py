"""A team's `drift.toml`: which hosts are compared, what has to be there, and what may differ."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment_drift.compare import allowed
from deployment_drift.compare.allowed import Allowance, fault
from deployment_drift.compare.coverage import kinds
from deployment_drift.errors import DriftError

NAME = "drift.toml"
KEYS = {
    "local": str,
    "release": list,
    "expect": list,
    "applications": list,
    "ignore": list,
    "checks": str,
}


@dataclass(frozen=True, slots=True)
class Project:
    """What stands in a `drift.toml`; whatever is left out is empty.

    `local` is the reference and `release` the hosts that are compared with it. `expect` are the
    kinds of things that each has to have, `applications` folders on the hosts, `ignore` patterns
    of paths there, and `checks` a folder of checks beside the file.
    """

    path: Path | None = None
    local: str = ""
    release: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    checks: Path | None = None


def found(folder: Path) -> Project:
    """Return what the project file of a folder says; nothing where there is none."""
    path = folder / NAME
    return read(path) if path.exists() else Project()


def read(path: Path) -> Project:
    """Return what a project file says.

    Raises DriftError, with the line and the likely key, for an unknown key or another kind.
    """
    allowances(path)  # a fault in them is a fault of the file
    text = path.read_text("utf-8")
    tables = tomllib.loads(text)
    for key, kind in KEYS.items():
        if key in tables and not _is(tables[key], kind):
            wanted = "a text" if kind is str else "a list of texts"
            raise fault(path, text, -1, key, f"{key!r} has to be {wanted}")
    try:
        expect = kinds(",".join(tables.get("expect", ())))
    except DriftError as error:
        raise fault(path, text, -1, "expect", f"{error.what} ({error.hint})") from error
    return _project(path, tables, expect)


def _is(value: Any, kind: type) -> bool:  # noqa: ANN401 -- whatever stands in the file
    texts = value if isinstance(value, list) else []
    return isinstance(value, kind) and all(isinstance(each, str) for each in texts)


def _project(path: Path, tables: dict[str, Any], expect: tuple[str, ...]) -> Project:
    lists = {key: tuple(tables.get(key, ())) for key in ("applications", "ignore")}
    return Project(
        path,
        local=_beside(path, tables.get("local", "")),
        release=tuple(_beside(path, each) for each in tables.get("release", ())),
        expect=expect,
        checks=path.parent / tables["checks"] if "checks" in tables else None,
        **lists,
    )


def _beside(path: Path, address: str) -> str:
    """Return an address; that of a snapshot is beside the project file."""
    return address if "://" in address or not address else str(path.parent / address)


def allowances(path: Path) -> tuple[Allowance, ...]:
    """Return what a file allows: one of allowed differences alone, or a project file."""
    return allowed.read(path, beside=tuple(KEYS) if path.name == NAME else ())


def options(project: Project) -> Sequence[str]:
    """Return the options of the pytest plugin for what a project says of its hosts."""
    apps = [f"--app={folder}" for folder in project.applications]
    return (*apps, *(f"--leave-out={pattern}" for pattern in project.ignore))
