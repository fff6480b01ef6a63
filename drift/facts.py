"""What checks ask beyond testinfra's own modules: `host.php`, `host.web`, `host.packages`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, cast

from drift.errors import UnknownError

SHOP = "/var/www/shop"
MARK = "@@facts@@"
NOT_FOUND = 127
OK = 200

# How the package managers list everything that is installed, one "name version" a line.
PACKAGE_LISTS = (
    r"dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Version}\n' | sed -n 's/^ii //p'",
    r"rpm -qa --qf '%{NAME} %{VERSION}-%{RELEASE}\n'",
    r"apk list --installed | sed 's/-\([0-9][^ ]*-r[0-9]*\) .*/ \1/'",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A request to a host's own web server; `body` is a form or, as `5 MB`, a photo."""

    path: str
    method: str = "GET"
    body: str = ""


SERVER = {"server": Page("/server.php")}


def extend(host: Any) -> Any:  # noqa: ANN401 -- testinfra's host has no static attributes
    """Give a testinfra host the attributes that this module is about, and return it."""
    host.php = PHP(host)
    host.web = Web(host)
    host.packages = Packages(host)
    return host


def text(file: Any) -> str | None:  # noqa: ANN401 -- a testinfra file module
    """Return a file's content without the last line end; None where there is no such file."""
    return cast("str", file.content_string).rstrip("\n") if file.exists else None


class Answers:
    """What one PHP says of itself: version, settings, extensions, libraries; asked once."""

    def __init__(self, host: Any) -> None:  # noqa: ANN401
        self._host = host

    @cached_property
    def facts(self) -> dict[str, Any] | None:
        """Everything at once, shaped as `probe.php` prints it; None where there is no PHP."""
        raise NotImplementedError

    def fact(self, *path: str) -> Any:  # noqa: ANN401 -- JSON from the host
        """Return one fact, as `fact("files", "loaded")`; None where there is none."""
        found: Any = self.facts
        for name in path:
            found = (found or {}).get(name)
        return found

    @cached_property
    def origins(self) -> dict[str, Any] | None:
        """The file that sets each setting, by its name; None where there is no PHP."""
        if self.facts is None:
            return None
        loaded, scanned = self.fact("files", "loaded"), self.fact("files", "scanned")
        return run(self._host, "php", "origins.php", *[loaded] * bool(loaded), *scanned or ())

    @property
    def version(self) -> str | None:
        """PHP's version, `8.4.24`."""
        return cast("str | None", self.fact("version"))

    def setting(self, name: str) -> str | None:
        """Return a setting of php.ini as it takes effect; None where PHP does not know it."""
        return cast("str | None", self.fact("settings", name))

    def extension(self, name: str) -> str | None:
        """Return an extension's version; None where it is not loaded."""
        return cast("str | None", self.fact("extensions", name))

    def has(self, extension: str) -> bool | None:
        """Whether an extension is loaded; None where there is no PHP."""
        return None if self.facts is None else self.extension(extension) is not None

    def library(self, name: str) -> str | None:
        """Return the version of a library that PHP was linked with, as `ICU` or `PCRE`."""
        return cast("str | None", self.fact("libraries", name))


class PHP(Answers):
    """PHP on the command line."""

    def __init__(self, host: Any) -> None:  # noqa: ANN401
        super().__init__(host)
        self._evaluated: dict[str, dict[str, Any] | None] = {}

    @cached_property
    def facts(self) -> dict[str, Any] | None:
        """See Answers."""
        return run(self._host, "php", "probe.php")

    def evaluate(self, lines: Mapping[str, str], name: str) -> Any:  # noqa: ANN401
        """Return what one of these expressions gives, as JSON; an error is its class's name.

        All of them are evaluated by one PHP, when the first is asked for.
        """
        key = json.dumps(lines)
        if key not in self._evaluated:
            self._evaluated[key] = run(self._host, "php", "evaluate.php", key)
        values = self._evaluated[key]
        return None if values is None else values[name]


class Web(Answers):
    """PHP under the web server: asked over HTTP where the shop is, else read from its files."""

    def __init__(self, host: Any) -> None:  # noqa: ANN401
        super().__init__(host)
        self._asked: dict[str, dict[str, Any] | None] = {}

    @cached_property
    def facts(self) -> dict[str, Any] | None:
        """See Answers; `source` says how it was found: `http`, or the folder that was read."""
        if self._host.file(f"{SHOP}/public/server.php").exists:
            answer = self.ask(SERVER, "server")
            return answer and {**json.loads(answer["body"]), "source": "http"}
        folder = self._host.run("ls -d /etc/php/*/apache2 /etc/php/*/fpm 2>/dev/null").stdout
        return self._from_files(folder.split()[0]) if folder else None

    def _from_files(self, folder: str) -> dict[str, Any] | None:
        php = f"PHP_INI_SCAN_DIR={folder}/conf.d php -c {folder}/php.ini"
        found = run(self._host, php, "probe.php")
        return found and {**found, "source": folder}

    def _all(self, pages: Mapping[str, Page]) -> dict[str, Any]:
        key = json.dumps({name: (p.method, p.path, p.body) for name, p in pages.items()})
        if key not in self._asked:
            php = "php -d allow_url_fopen=1 -d memory_limit=-1"
            self._asked[key] = run(self._host, php, "request.php", key)
        return self._asked[key] or {"port": None, "pages": dict.fromkeys(pages)}

    @cached_property
    def port(self) -> int | None:
        """The port at which the web server answers; None without one, or no PHP to ask with."""
        made = next((answer for answer in self._asked.values() if answer), None)
        return cast("int | None", (made or self._all({}))["port"])

    def ask(self, pages: Mapping[str, Page], name: str) -> dict[str, Any] | None:
        """Ask the host's own web server for these pages, and return the answer to one of them.

        `{"status": int, "headers": {name: value}, "body": str}`; all are asked for at once, by
        one PHP on the host, when the first is needed.
        """
        return cast("dict[str, Any] | None", self._all(pages)["pages"][name])

    def answer(self, pages: Mapping[str, Page], name: str, field: str = "") -> Any:  # noqa: ANN401
        """Return a page, or one field of its JSON; of a refusal, its status and what it says."""
        answer = self.ask(pages, name)
        if answer and answer["status"] == OK:
            return json.loads(answer["body"])[field] if field else answer["body"]
        return answer and f"{answer['status']} {answer['body'] or '(an empty page)'}"

    def status(self, pages: Mapping[str, Page], name: str) -> int | None:
        """Return the HTTP status of a page."""
        answer = self.ask(pages, name)
        return answer and cast("int", answer["status"])

    def header(self, pages: Mapping[str, Page], name: str, header: str) -> str | None:
        """Return a header of the answer to a page; None where it has none of that name."""
        answer = self.ask(pages, name)
        return answer and answer["headers"].get(header)


class Packages:
    """Every installed package with its version, whatever the package manager; asked once."""

    def __init__(self, host: Any) -> None:  # noqa: ANN401
        self._host = host

    @cached_property
    def versions(self) -> dict[str, str] | None:
        """Versions by name; None where no known package manager is."""
        for command in PACKAGE_LISTS:
            if self._host.exists(command.split()[0]):
                lines = self._host.check_output(command).splitlines()
                return dict(line.split(" ", 1) for line in lines)
        return None

    def version(self, name: str) -> str | None:
        """Return a package's version; None where it is not installed."""
        return (self.versions or {}).get(name)


def hashes(host: Any, folder: str) -> dict[str, str] | None:  # noqa: ANN401
    """Return the SHA-256 of every file below a folder by its path; None without the folder."""
    if not host.file(folder).is_directory:
        return None
    listing = host.check_output("find %s -type f -exec sha256sum {} +", folder)
    pairs = (line.split("  ", 1) for line in listing.splitlines())
    return {path: digest for digest, path in pairs}


def listening(host: Any) -> set[int]:  # noqa: ANN401
    """Return the TCP ports on which something on a Linux host listens, by its kernel's table."""
    rows = host.check_output("cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true").splitlines()
    sockets = [row.split() for row in rows if ":" in row]
    return {int(words[1].rpartition(":")[2], 16) for words in sockets if words[3] == "0A"}


def run(host: Any, php: str, script: str, *words: str) -> dict[str, Any] | None:  # noqa: ANN401
    """Run one of this package's PHP scripts on a host; None where there is no PHP.

    Raises UnknownError where PHP is there but did not answer with JSON.
    """
    code = files("drift").joinpath(script).read_text().removeprefix("<?php")
    quoted = " %s" * len(words)
    result = host.run(f"{php} -r %s --{quoted}", code, *words)
    if result.rc == NOT_FOUND:
        return None
    _, found, answer = result.stdout.partition(MARK)
    if not found:
        last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise UnknownError(f"php {script} ended with {result.rc}: {' '.join(last)[:200]}")
    return cast("dict[str, Any]", json.loads(answer))
