"""The applications of a host: files, settings, folders, links, packages, what was deployed."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from deployment_drift.errors import UnknownError
from deployment_drift.probe import apache
from deployment_drift.probe.directives import MAIN, Inventory, inventory
from deployment_drift.probe.printed import Line, Listed, Printed, listed, printed, steady
from deployment_drift.probe.settings import entries
from deployment_drift.records import JSON, item

if TYPE_CHECKING:
    from deployment_drift.probe.collect import Facts

SECTIONS = ("application", "application-files", "application-settings", "application-packages")
MOST = {"application": 5_000, "application-files": 20_000, "application-settings": 200}
LARGEST = 5 * 2**20  # bytes of a file that is hashed; these figures are those of sh/_application_*
HASHED = re.compile(r"([0-9a-f]{16}) (/.*)$", re.MULTILINE)
REFUSED = re.compile(r".*ermission denied.*")
VENDOR = re.compile(r"(vendor/[^/]+/[^/]+)/.")
GENERATED = re.compile(r"vendor/(composer/)?[^/]+$")  # says what the packages say
AUTOLOAD = re.compile(r"vendor/composer/autoload_(classmap|files|namespaces|psr4)\.php")
# Names of folders that say nothing about what is in them.
COMMON = re.compile(r"\*?|current|html|htdocs|www|public|web|releases?|var|srv|opt|home")

Entries = dict[str, JSON]


@dataclass(frozen=True)
class Application:
    """One application: its folder, and what each section says of it."""

    path: str
    parts: dict[str, str]

    def inside(self, path: str) -> str:
        """Return a path as it is called within the application."""
        return path.removeprefix(self.path).lstrip("/") or "."

    def at(self, inside: str) -> str:
        """Return where a file of the application is."""
        return steady(f"{self.path}/{inside}".removesuffix("/."))

    @cached_property
    def described(self) -> Printed:
        """Its revision, its name, and the users whom it is run by."""
        return printed(self.parts["application"])

    @cached_property
    def listed(self) -> list[Listed]:
        """Its folders, its links, and the files that are not for everybody."""
        return [each for each in listed(self.parts["application"]) if not self._above(each)]

    @property
    def ancestors(self) -> list[Listed]:
        """The folders on the way to it."""
        return [each for each in listed(self.parts["application"]) if self._above(each)]

    def _above(self, each: Listed) -> bool:
        return self.path.startswith(f"{each.path}/")

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The hash of each file by its path within the application."""
        found = HASHED.findall(self.parts["application-files"])
        return {self.inside(path): digest for digest, path in found}

    @cached_property
    def set_up(self) -> dict[str, Sequence[Line]]:
        """The lines of each file with settings, by its path within the application."""
        files = printed(self.parts["application-settings"]).files
        return {self.inside(path): lines for path, lines in files.items()}

    @property
    def name(self) -> str:
        """What it calls itself, else its folder, whatever release this is."""
        path = steady(self.path)
        folders = [each for each in path.split("/") if not COMMON.fullmatch(each)]
        return self.described.one("name") or (folders or [path])[-1]

    @property
    def whole(self) -> bool:
        """Whether there is more to it than a folder that is served."""
        return bool(
            self.set_up or self.parts["application-packages"].strip() or len(self.hashes) > 1
        )


class Applications:
    """What `host.application` gives; None stands for what is not there."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts

    @cached_property
    def found(self) -> dict[str, Application] | None:
        """The applications; the first, which others may be beside, is `application`.

        So it is the same thing on every host, whatever its folder is called there.
        """
        texts = {section: self._facts.text(section) for section in SECTIONS}
        parts: dict[str, dict[str, str]] = defaultdict(lambda: dict.fromkeys(SECTIONS, ""))
        for section, text in texts.items():
            for told in ("\n" + (text or "")).split("\n@@ app ")[1:]:
                path, _, rest = told.partition("\n")
                parts[path][section] = rest
        if texts["application"] is None:
            return None
        for refused in printed(texts["application"]).said.get("refused", ()):
            raise UnknownError(f"{refused} may not be read")
        return _named([Application(path, rest) for path, rest in parts.items()])

    @property
    def folders(self) -> JSON:
        """Where the applications are: `{"application": "/srv/shop"}`."""
        return self._told(lambda each: steady(each.path))

    @property
    def revision(self) -> JSON:
        """The revision that was deployed of each; None where nothing tells it."""
        return self._told(lambda each: each.described.one("revision"))

    @property
    def files(self) -> JSON:
        """Every file by its hash; a package of Composer's is one."""
        return self._told(_files)

    @property
    def packages(self) -> JSON:
        """Composer's packages and their versions."""
        return self._told(_packages)

    @property
    def permissions(self) -> JSON:
        """Whose folders are, and which files those who run the application cannot read."""
        return self._told(lambda each: dict(_permissions(each)))

    @property
    def links(self) -> JSON:
        """Where links lead; within the application they are told as relative to it."""
        return self._told(_links)

    @property
    def twins(self) -> JSON:
        """Files whose names differ only by case: elsewhere they are one."""
        return self._told(_twins)

    @property
    def settings(self) -> Inventory | None:
        """The lines of files with settings: `{".env": {"APP_ENV": item}}`."""
        if self.found is None:
            return None
        found: Inventory = {}
        for label, each in self.found.items():
            prefix = "" if len(self.found) == 1 or each is first(self.found) else f"{label} "
            found |= {f"{prefix}{name}": told for name, told in _settings(each)}
        return found or None

    @property
    def unread(self) -> None:
        """None where everything was looked at; UnknownError where something was not."""
        for each in (self.found or {}).values():
            for section, most in MOST.items():
                if _count(each, section) > most:
                    raise UnknownError(f"{each.path} has more than {most:,} files for {section}")
            if refused := REFUSED.search(each.parts["application-files"]):
                raise UnknownError(refused[0].strip())

    def _told(self, tell: Callable[[Application], JSON]) -> JSON:
        if self.found is None:
            return None
        told = {label: tell(each) for label, each in self.found.items()}
        return {label: value for label, value in told.items() if value} or None


def first(found: dict[str, Application]) -> Application:
    """Return the application that others are beside."""
    return next(iter(found.values()))


def _named(found: Sequence[Application]) -> dict[str, Application]:
    ordered = sorted(found, key=lambda each: not each.whole)
    names = ["application", *(each.name for each in ordered[1:])]
    return {
        name if name not in names[:at] else f"{name} ({at + 1})": each
        for at, (name, each) in enumerate(zip(names, ordered, strict=False))
    }


def _count(application: Application, section: str) -> int:
    counts = {
        "application": len(application.listed),
        "application-files": application.parts["application-files"].count("\n"),
        "application-settings": len(application.set_up),
    }
    return counts[section]


def _files(application: Application) -> Entries:
    files: Entries = {}
    packages: dict[str, list[str]] = defaultdict(list)
    for path, digest in application.hashes.items():
        if AUTOLOAD.fullmatch(path):
            packages["vendor/composer/autoload_*.php"].append(f"{path} {digest}")
        elif package := VENDOR.match(path):
            packages[package[1]].append(f"{path} {digest}")
        elif not GENERATED.match(path):
            files[path] = item(digest, application.at(path), own=True)
    for path, lines in application.set_up.items():
        if _is_code(path):
            digest = _digest(line.text for line in lines)
            files[path] = item(digest, application.at(path), own=True)
    for path, told in packages.items():
        own = path.endswith("*.php")  # of Composer's packages the version is told
        files[path] = item(_digest(sorted(told)), application.at(path), own=own)
    return files | dict(_special(application))


def _digest(lines: "Iterator[str] | Sequence[str]") -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def _special(application: Application) -> Iterator[tuple[str, JSON]]:
    """Tell keys, which nobody reads, and files that are too big to be hashed."""
    for each in application.listed:
        path = application.inside(each.path)
        if each.mode[0] != "-" or path in application.hashes or path in application.set_up:
            continue
        what = f"{each.size:,} bytes" if each.size > LARGEST else "there, not read"
        yield path, item(what, application.at(path), own=True)


def _is_code(path: str) -> bool:
    return path.endswith(".php") and not path.endswith("wp-config.php")


def _settings(application: Application) -> Iterator[tuple[str, Entries]]:
    for path, lines in application.set_up.items():
        if path.endswith(".htaccess"):
            tree = apache.directives(lines, Printed({}, {}))
            for block, told in inventory(tree, apache.DIALECT).items():
                yield path if block == MAIN else f"{path}: {block}", told
        elif not _is_code(path):
            yield path, entries(lines)


def _packages(application: Application) -> Entries:
    at = application.at("vendor/composer/installed.json")
    rows = (line.split(" ", 1) for line in application.parts["application-packages"].split("\n"))
    return {row[0]: item(row[1], at, own=True) for row in rows if len(row) > 1}


def _permissions(application: Application) -> Iterator[tuple[str, JSON]]:
    """Tell the uppermost folders, those unlike the one above, and files that cannot be read."""
    users = [each.split() for each in application.described.said.get("user", ())]
    for each in application.ancestors:
        if users and not each.may("x", users):
            told = f"{each.access}, {users[0][0]} cannot enter it"
            yield each.path, item(told, each.path, own=True)
    above = {each.path: each.access for each in application.listed if each.mode[0] == "d"}
    for each in application.listed:
        path = application.inside(each.path)
        if each.mode[0] == "d":
            new = above.get(each.path.rpartition("/")[0]) != each.access
            if new or path.count("/") == 0:
                yield path, item(_folder(each, users), application.at(path), own=True)
        elif each.mode[0] == "-" and users and not each.may("r", users):
            told = f"{each.access}, {users[0][0]} cannot read it"
            yield path, item(told, application.at(path), own=True)


def _folder(folder: Listed, users: Sequence[Sequence[str]]) -> str:
    writes = users and folder.may("w", users) and folder.may("x", users)
    return f"{folder.access}, {users[0][0]} can write" if writes else folder.access


def _links(application: Application) -> Entries:
    return {
        application.inside(each.path): item(_target(each, application), steady(each.path), own=True)
        for each in application.listed
        if each.mode[0] == "l"
    }


def _target(link: Listed, application: Application) -> str:
    return steady(link.target.replace(f"{application.path}/", "./", 1))


def _twins(application: Application) -> Entries:
    same: dict[str, list[str]] = defaultdict(list)
    for path in sorted(application.hashes):
        same[path.lower()].append(path)
    return {path: names for path, names in same.items() if len(names) > 1}
