"""A team's `drift.toml`: which hosts are compared, what has to be there, and what may differ."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deployment_drift import paths
from deployment_drift.compare import allowed
from deployment_drift.compare.allowed import Allowance, fault, known, parsed, tables_of
from deployment_drift.compare.coverage import kinds
from deployment_drift.compare.meaning import is_item
from deployment_drift.errors import DriftError
from deployment_drift.probe.questions import WebPage, extended
from deployment_drift.records import JSON

KEYS = {
    "local": str,
    "release": list,
    "expect": list,
    "applications": list,
    "ignore": list,
    "secrets": list,
    "checks": str,
}
PAGE_KEYS = {"path": str, "host": str, "headers": list, "body": str, "expect": dict}
PATH = re.compile(r"(https?://(\[::1]|[\w.-]+)(:\d+)?)?/[!-~]*", re.IGNORECASE)
HOST = re.compile(r"[\w.-]*")
HEADER = re.compile(r"[\w-]+")
SECRET = re.compile(r"[\w.-]+", re.ASCII)
WANTED = {str: "a text", list: "a list of texts", dict: "a table of names and what is expected"}


@dataclass(frozen=True, slots=True)
class Project:
    """What stands in a `drift.toml`; whatever is left out is empty.

    `local` is the reference and `release` the hosts that are compared with it. `expect` are the
    kinds of things that each has to have, `applications` folders on the hosts, `ignore` patterns
    of paths there, `secrets` parts of further names whose values are secret, `checks` a folder
    of checks beside the file, and `pages` what is asked of each host's own web server.
    """

    path: Path | None = None
    local: str = ""
    release: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    checks: Path | None = None
    pages: tuple[WebPage, ...] = ()


def found(folder: Path, apps: Sequence[str] = ()) -> Project:
    """Return what the project file of a folder says; nothing where there is none.

    apps: the application's folders that were typed, which take precedence.
    """
    path = folder / paths.PROJECT
    said = read(path) if path.exists() else Project()
    try:
        return replace(said, applications=tuple(map(absolute, apps))) if apps else said
    except ValueError as error:
        raise DriftError(f"--app {error}", hint="--app /srv/app") from error


def read(path: Path) -> Project:
    """Return what a project file says.

    Raises DriftError, with the line and the likely key, for an unknown key or another kind.
    """
    allowances(path)  # a fault in them is a fault of the file
    text, tables = parsed(path)
    for key, kind in KEYS.items():
        if key in tables and not _is(tables[key], kind):
            raise fault(path, text, -1, key, f"{key!r} has to be {WANTED[kind]}")
    for key, checked in {"applications": absolute, "secrets": secret_pattern}.items():
        try:
            _ = [checked(each) for each in tables.get(key, ())]
        except ValueError as error:
            raise fault(path, text, -1, key, str(error)) from error
    try:
        expect = kinds(",".join(tables.get("expect", ())))
    except DriftError as error:
        raise fault(path, text, -1, "expect", f"{error.what} ({error.hint})") from error
    pages = _pages(path, text, tables_of(path, text, tables, "pages"))
    return _project(path, tables, expect, pages)


def _is(value: Any, kind: type) -> bool:  # noqa: ANN401 -- whatever stands in the file
    texts = value if isinstance(value, list) else []
    return isinstance(value, kind) and all(isinstance(each, str) for each in texts)


def _pages(path: Path, text: str, tables: list[dict[str, Any]]) -> tuple[WebPage, ...]:
    found: dict[str, WebPage] = {}
    for number, table in enumerate(tables):
        known(path, text, number, table, PAGE_KEYS, "pages")
        for key, what in _page_faults(table):
            raise fault(path, text, number, key, what, "pages")
        page = _page(table)
        if page.slug in found:
            raise fault(path, text, number, "path", f"{page.label} stands here twice", "pages")
        found[page.slug] = page
    return tuple(found.values())


def _page_faults(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a page: the key, and a sentence."""
    for key, value in table.items():
        if not _is(value, PAGE_KEYS[key]):
            yield key, f"{key!r} has to be {WANTED[PAGE_KEYS[key]]}"
            return
    if not _is_path(table.get("path", "")):
        yield "path", "'path' has to be as /health or https://shop.example/health"
    if not HOST.fullmatch(table.get("host", "")):
        yield "host", "'host' has to be the name of a virtual host, as shop.example"
    if wrong := [name for name in table.get("headers", ()) if not HEADER.fullmatch(name)]:
        yield "headers", f"{wrong[0]!r} is the name of no header"
    try:
        extended(table.get("body", ""))
    except (ValueError, re.error) as error:
        yield "body", f"{table['body']!r} is no pattern for grep -E: {error}"
    answers = ["status", "body", *map(str.lower, table.get("headers", ()))]
    if strange := [name for name in table.get("expect", ()) if name.lower() not in answers]:
        yield "expect", f"{strange[0]!r} is not asked for: there are {', '.join(answers)}"


def _is_path(path: str) -> bool:
    try:
        return PATH.fullmatch(path) is not None and urlsplit(path).port != 0
    except ValueError:  # a port that there is not
        return False


def _page(table: dict[str, Any]) -> WebPage:
    return WebPage(
        table["path"],
        table.get("host", ""),
        tuple(name.lower() for name in table.get("headers", ())),
        table.get("body", ""),
        tuple((name.lower(), value) for name, value in table.get("expect", {}).items()),
    )


def _project(
    path: Path, tables: dict[str, Any], expect: tuple[str, ...], pages: tuple[WebPage, ...]
) -> Project:
    lists = {key: tuple(tables.get(key, ())) for key in ("applications", "ignore", "secrets")}
    return Project(
        path,
        local=_beside(path, tables.get("local", "")),
        release=tuple(_beside(path, each) for each in tables.get("release", ())),
        expect=expect,
        checks=path.parent / tables["checks"] if "checks" in tables else None,
        pages=pages,
        **lists,
    )


def secret_pattern(name: str) -> str:
    """Return the expression for a part of a name, in small letters as in `sh/_secrets.sh`.

    Raises ValueError for what is no part of a name.
    """
    if not SECRET.fullmatch(name):
        raise ValueError(f"{name!r} is no name or part of one")
    return name.lower().replace(".", "[.]")


def absolute(folder: str) -> str:
    """Return a folder on the hosts; ValueError where it does not begin with a slash."""
    if not folder.startswith("/"):
        raise ValueError(f"{folder!r} does not begin with /")
    return folder


def _beside(path: Path, address: str) -> str:
    """Return an address; that of a snapshot is beside the project file."""
    return address if "://" in address or not address else str(path.parent / address)


def allowances(path: Path) -> tuple[Allowance, ...]:
    """Return what a file allows: one of allowed differences alone, or a project file."""
    return allowed.read(path, beside=(*KEYS, "pages") if path.name == paths.PROJECT else ())


def options(project: Project) -> Sequence[str]:
    """Return the options of the pytest plugin for what a project says of its hosts."""
    apps = [f"--app={folder}" for folder in project.applications]
    secrets = [f"--secret={name}" for name in project.secrets]
    pages = [f"--pages={project.path}"] if project.pages else []
    return (*apps, *(f"--leave-out={each}" for each in project.ignore), *secrets, *pages)


def asked(project: Project) -> dict[str, Any]:
    """Return what the same options come to among the questions."""
    secrets = tuple(map(secret_pattern, project.secrets))
    return {"folders": project.applications, "secrets": secrets, "web_pages": project.pages}


def without(value: JSON, patterns: Sequence[str]) -> JSON:
    """Return an inventory without what `ignore` names: entries about paths that match a pattern."""
    ignored = partial(_is_about, patterns=patterns)
    if isinstance(value, (list, tuple)):
        return [each for each in value if not ignored(each)]
    if not isinstance(value, Mapping) or is_item(value):
        return value
    return {
        name: without(each, patterns)
        for name, each in value.items()
        if not ignored(name) and not (isinstance(each, Mapping) and ignored(each.get("at")))
    }


def _is_about(path: JSON, patterns: Sequence[str]) -> bool:
    if not isinstance(path, str):
        return False
    names = (path, path.rpartition(":")[0])  # the second is the file of `/etc/php.ini:12`
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
