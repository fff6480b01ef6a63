"""One application that was deployed: its folder, and all that is in it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from deployment_drift.probe import apache
from deployment_drift.probe.directives import MAIN, inventory
from deployment_drift.probe.printed import Line, Listed, Printed, listed, printed, steady
from deployment_drift.probe.settings import entries
from deployment_drift.records import JSON, item

LARGEST = 5 * 2**20  # bytes of a file that is hashed, as in sh/_application_*
HASHED = re.compile(r"([0-9a-f]{16}) (/.*)$", re.MULTILINE)
VENDOR = re.compile(r"(vendor/[^/]+/[^/]+)/.")
GENERATED = re.compile(r"vendor/(composer/)?[^/]+$")  # says what the packages say
AUTOLOAD = re.compile(r"vendor/composer/autoload_(classmap|files|namespaces|psr4)\.php")
AUTOLOADER = "vendor/autoload.php"  # names a hash that each installation draws
PLATFORM = "vendor/composer/platform_check.php"  # ends every request where PHP is another
# Names of folders that say nothing about what is in them.
COMMON = re.compile(r"\*?|current|html|htdocs|www|public|web|releases?|var|srv|opt|home")

LOG = ".log"
ENV = re.compile(r"(^|/)\.env[^/]*$|\.env$")
BLANK = re.compile(r"\s*(?:export\s+)?([^#=\s][^=]*?)\s*=.*[ \t]\r?$")

Entries = dict[str, JSON]


@dataclass(frozen=True)
class Application:
    """One application: its folder, and what each section says of it."""

    path: str
    parts: dict[str, str]

    def inside(self, path: str) -> str:
        """Return a path as it is called within the application; one above it stays as it is."""
        if not f"{path}/".startswith(f"{self.path}/"):
            return steady(path)
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


def files(application: Application) -> Entries:
    """Return every file by its hash; a package of Composer's is one."""
    found: Entries = {}
    together: dict[str, list[str]] = defaultdict(list)
    for path, digest in application.hashes.items():
        if AUTOLOAD.fullmatch(path):
            together["vendor/composer/autoload_*.php"].append(f"{path} {digest}")
        elif package := VENDOR.match(path):
            together[package[1]].append(f"{path} {digest}")
        elif path == AUTOLOADER:
            found[path] = item("there", application.at(path), own=True)
        elif path == PLATFORM:
            found[path] = item(digest, application.at(path))  # in the words of Composer's version
        elif not GENERATED.match(path):
            found[path] = item(digest, application.at(path), own=True)
    for path, lines in application.set_up.items():
        if _is_code(path):
            digest = _digest(line.text for line in lines)
            found[path] = item(digest, application.at(path), own=True)
    for path, told in together.items():
        found[path] = item(_digest(sorted(told)), application.at(path), own=True)
    return found | dict(_special(application))


def _digest(lines: "Iterator[str] | Sequence[str]") -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def _special(application: Application) -> Iterator[tuple[str, JSON]]:
    """Tell keys, which nobody reads, and files that are too big to be hashed."""
    for each in application.listed:
        path = application.inside(each.path)
        known = path in application.hashes or path in application.set_up
        if each.mode[0] != "-" or known or path.endswith(LOG):
            continue
        what = f"{each.size:,} bytes" if each.size > LARGEST else "there, not read"
        yield path, item(what, application.at(path), own=True)


def _is_code(path: str) -> bool:
    return path.endswith(".php") and not path.endswith("wp-config.php")


def settings(application: Application) -> Iterator[tuple[str, Entries]]:
    """Yield the lines of each file with settings; a .htaccess has one entry for each block."""
    for path, lines in application.set_up.items():
        if path.endswith(".htaccess"):
            tree = apache.directives(lines, Printed({}, {}))
            for block, told in inventory(tree, apache.DIALECT).items():
                yield path if block == MAIN else f"{path}: {block}", told
        elif not _is_code(path):
            yield path, entries(lines) | dict(_ends(path, lines))


def _ends(path: str, lines: Sequence[Line]) -> Iterator[tuple[str, JSON]]:
    """Tell line ends of Windows, and blanks there: Docker keeps them as a part of the value."""
    ended = next((line for line in lines if line.text.endswith("\r")), None)
    if ended:
        yield "line ends", item("CR LF", ended.at, own=True)
    read = [(BLANK.match(line.text), line) for line in lines if ENV.search(path)]
    blank = {found[1]: line.at for found, line in read if found}
    if blank:
        yield "blanks at the end of", item(", ".join(blank), next(iter(blank.values())), own=True)


def packages(application: Application) -> Entries:
    """Return Composer's packages and their versions."""
    at = application.at("vendor/composer/installed.json")
    rows = (line.split(" ", 1) for line in application.parts["application-packages"].split("\n"))
    return {row[0]: item(row[1], at, own=True) for row in rows if len(row) > 1}


def links(application: Application) -> Entries:
    """Return where links lead; within the application they are told as relative to it."""
    return {
        application.inside(each.path): item(_target(each, application), steady(each.path), own=True)
        for each in application.listed
        if each.mode[0] == "l"
    }


def _target(link: Listed, application: Application) -> str:
    return steady(link.target.replace(f"{application.path}/", "./", 1))


def twins(application: Application) -> Entries:
    """Return files whose names differ only by case."""
    same: dict[str, list[str]] = defaultdict(list)
    for path in sorted(application.hashes):
        same[path.lower()].append(path)
    return {path: names for path, names in same.items() if len(names) > 1}
