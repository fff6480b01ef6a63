"""Who may read, write and run what was deployed, and which of its folders hold nothing."""

import re
from collections.abc import Iterator, Sequence

from deployment_drift.probe.deployed import LOG, Application
from deployment_drift.probe.printed import Listed
from deployment_drift.records import JSON, item

RUN = re.compile(r"(^|/)(bin|scripts)/|(^|/)(artisan|console)$|\.sh$")  # as in sh/_application_*
KEY = re.compile(r"\.(key|pem|p12|pfx|jks)$|(^|/)id_[^/]*$")  # the same
DIGITS = re.compile(r"\d+")  # each day has a log of its own

Users = Sequence[Sequence[str]]  # a name and its groups


def permissions(application: Application) -> Iterator[tuple[str, JSON]]:
    """Tell the uppermost folders, those unlike the one above or empty, and what files are not for.

    A file is told where those who run the application cannot read it, or can run it by its name.
    """
    users = [each.split() for each in application.described.said.get("user", ())]
    for tell in (_closed, _folders, _files):
        for path, what in tell(application, users):
            at = path if path.startswith("/") else application.at(path)
            yield path, item(what, at, own=True)


def _closed(application: Application, users: Users) -> Iterator[tuple[str, str]]:
    for each in application.ancestors:
        if users and not each.may("x", users):
            yield each.path, f"{each.access}, {users[0][0]} cannot enter it"


def _folders(application: Application, users: Users) -> Iterator[tuple[str, str]]:
    above = {each.path: each.access for each in application.listed if each.mode[0] == "d"}
    filled = _filled(application)
    kept = {*_empty(application, users), *filled}
    for each in application.listed:
        path = application.inside(each.path)
        new = above.get(each.path.rpartition("/")[0]) != each.access
        if each.mode[0] == "d" and (new or "/" not in path or path in kept):
            yield path, _folder(each, users) + filled.pop(path, "")
    yield from dict.fromkeys(filled, "there").items()


def _files(application: Application, users: Users) -> Iterator[tuple[str, str]]:
    for each in application.listed:
        path = application.inside(each.path)
        if each.mode[0] == "-" and users and not each.may("r", users):
            yield path, f"{each.access}, {users[0][0]} cannot read it"
        elif path.endswith(LOG) and users and not each.may("w", users):
            yield DIGITS.sub("*", path), f"{each.access}, {users[0][0]} cannot write it"
        elif each.mode[0] == "-" and each.mode[3] in "xs" and RUN.search(path):
            yield path, f"{each.access}, can be run"
        elif each.mode[0] == "-" and KEY.search(path):  # a program refuses one that others may read
            yield path, f"{each.access}, a key"


def _filled(application: Application) -> dict[str, str]:
    """Return the folders that are told whatever they are like, and whether they hold anything."""
    told = {"needed": "", "content": ", has files", "empty": ", empty"}
    said = application.described.said
    return {path: text for word, text in told.items() for path in said.get(word, ())}


def _empty(application: Application, users: Users) -> Iterator[str]:
    """Give the folders that hold nothing, as far as they were looked into: git drops them.

    What somebody who runs the application made is data.
    """
    filled = " ".join(application.described.said.get("filled", ())).split()
    inside = [application.inside(each.path) for each in application.listed]
    within = (*application.hashes, *application.set_up, *inside)
    used = {path.rpartition("/")[0] for path in within}.union(filled)
    makers = {name for name, *_ in users}
    for each, path in zip(application.listed, inside, strict=True):
        if each.mode[0] == "d" and path not in used and each.owner not in makers:
            yield path


def _folder(folder: Listed, users: Users) -> str:
    writes = users and folder.may("w", users) and folder.may("x", users)
    return f"{folder.access}, {users[0][0]} can write" if writes else folder.access
