"""What checks ask beyond testinfra's own modules: `host.php`, `host.web`, `host.packages`.

One PHP on a host answers all that checks ask of PHP: `lines` and `pages` gather it beforehand.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, cast

from deployment_drift.errors import UnknownError

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


_LINES: dict[str, str] = {}
_PAGES = {"server": Page("/server.php")}


def lines(**expressions: str) -> None:
    """Announce expressions of PHP that checks are going to ask for, by their names."""
    _LINES.update(expressions)


def pages(**requests: Page) -> None:
    """Announce pages of the shop that checks are going to ask for, by their names."""
    _PAGES.update(requests)


def extend(host: Any) -> Any:  # noqa: ANN401 -- testinfra's host has no static attributes
    """Give a testinfra host the attributes that this module is about, and return it."""
    host.php = PHP(host)
    host.web = Web(host)
    host.packages = Packages(host)
    return host


class Answers:
    """What one PHP says of itself: version, settings, extensions, libraries; asked once.

    `facts` and `origins` are shaped as in `ask.php`; they are None where there is no PHP.
    """

    def __init__(self, host: Any) -> None:  # noqa: ANN401
        self._host = host

    @cached_property
    def said(self) -> dict[str, Any] | None:
        """Everything that the host's PHP answered; None where there is no PHP."""
        return ask(self._host)

    @property
    def facts(self) -> dict[str, Any] | None:
        """What PHP is, and its settings by name."""
        return self.said and cast("dict[str, Any]", self.said["facts"])

    @property
    def origins(self) -> dict[str, Any] | None:
        """The ini file that sets each setting, by its name."""
        return self.said and cast("dict[str, Any]", self.said["origins"])

    def fact(self, *path: str) -> Any:  # noqa: ANN401 -- JSON from the host
        """Return one fact, as `fact("files", "loaded")`; None where there is none."""
        found: Any = self.facts
        for name in path:
            found = (found or {}).get(name)
        return found

    @property
    def version(self) -> str | None:
        """PHP's version, `8.4.24`."""
        return cast("str | None", self.fact("version"))

    def setting(self, name: str) -> str | None:
        """Return a setting of php.ini as it takes effect; None where PHP does not know it."""
        return cast("str | None", self.fact("settings", name))

    def has(self, extension: str) -> bool | None:
        """Whether an extension is loaded; None where there is no PHP."""
        return None if self.facts is None else extension in self.facts["extensions"]

    def library(self, name: str) -> str | None:
        """Return the version of a library that PHP was linked with, as `ICU` or `PCRE`."""
        return cast("str | None", self.fact("libraries", name))


class PHP(Answers):
    """PHP on the command line."""

    def evaluate(self, name: str) -> Any:  # noqa: ANN401 -- JSON from the host
        """Return what the expression of that name gives, as JSON; an error is its class's name."""
        return self.said and self.said["lines"][name]


class Web(Answers):
    """PHP under the web server: asked over HTTP where the shop is, else read from its files."""

    @cached_property
    def said(self) -> dict[str, Any] | None:
        """See Answers; with the answers to pages, where the shop is."""
        if not self._host.file(f"{SHOP}/public/server.php").exists:
            return self._from_files()
        said = self._host.php.said
        return said and {**said, **said.get("web", {"facts": None, "origins": None})}

    def _from_files(self) -> dict[str, Any] | None:
        folders = self._host.run("ls -d /etc/php/*/apache2 /etc/php/*/fpm 2>/dev/null").stdout
        if not folders:
            return None
        folder = folders.split()[0]
        return ask(self._host, f"PHP_INI_SCAN_DIR={folder}/conf.d php -c {folder}/php.ini")

    @property
    def port(self) -> int | None:
        """The port at which the web server answers; None without one, or no PHP to ask with."""
        return cast("int | None", (self.said or {}).get("port"))

    def page(self, name: str) -> dict[str, Any] | None:
        """Return the answer to a page: `{"status", "headers", "body"}`; None without the shop."""
        found = (self.said or {}).get("pages") or {}
        return cast("dict[str, Any]", found[name]) if found else None

    def answer(self, name: str, field: str = "") -> Any:  # noqa: ANN401 -- JSON from the host
        """Return a page, or one field of its JSON; of a refusal, its status and what it says."""
        page = self.page(name)
        if page and page["status"] == OK:
            return json.loads(page["body"])[field] if field else page["body"]
        return page and f"{page['status']} {refusal(page['body'])}"

    def status(self, name: str) -> int | None:
        """Return the HTTP status of a page."""
        page = self.page(name)
        return cast("int", page["status"]) if page else None

    def header(self, name: str, header: str) -> str | None:
        """Return a header of the answer to a page; None where it has none of that name."""
        page = self.page(name)
        return cast("str | None", page["headers"].get(header)) if page else None


def refusal(body: str) -> str:
    """Return what a refusal says: the `error` of its JSON, or whatever stands there."""
    with suppress(ValueError, TypeError, KeyError):
        return str(json.loads(body)["error"])
    return body or "(an empty page)"


class Packages:
    """Every installed package with its version, whatever the package manager; asked once."""

    def __init__(self, host: Any) -> None:  # noqa: ANN401
        self._host = host

    @cached_property
    def versions(self) -> dict[str, str] | None:
        """Versions by name; None where no known package manager is."""
        for command in PACKAGE_LISTS:
            if self._host.exists(command.split()[0]):
                listed = self._host.check_output(command).splitlines()
                return dict(line.split(" ", 1) for line in listed)
        return None

    def version(self, name: str) -> str | None:
        """Return a package's version; None where it is not installed."""
        return (self.versions or {}).get(name)


def ask(host: Any, php: str = "php") -> dict[str, Any] | None:  # noqa: ANN401
    """Put all questions to a host's PHP, at once; None where there is none.

    Raises UnknownError where PHP is there but did not answer with JSON. Pages are asked for
    only where the shop is: nobody else's server gets a request from here.
    """
    shop = host.file(f"{SHOP}/public/server.php").exists
    asked = {name: (p.method, p.path, p.body) for name, p in _PAGES.items()} if shop else {}
    code = (
        files("deployment_drift.probe").joinpath("ask.php").read_text("utf-8").removeprefix("<?php")
    )
    result = host.run(f"{php} -r %s -- %s", code, json.dumps({"lines": _LINES, "pages": asked}))
    if result.rc == NOT_FOUND:
        return None
    _, found, answer = result.stdout.partition(MARK)
    if not found:
        last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise UnknownError(f"php ended with {result.rc}: {' '.join(last)[:200]}")
    return cast("dict[str, Any]", json.loads(answer))


def text(file: Any) -> str | None:  # noqa: ANN401 -- a testinfra file module
    """Return a file's content without the last line end; None where there is no such file."""
    return cast("str", file.content_string).rstrip("\n") if file.exists else None


def access(file: Any) -> str | None:  # noqa: ANN401 -- a testinfra file module
    """Return whose a file is and its mode, `root:root 644`; None where there is no such file."""
    return f"{file.user}:{file.group} {file.mode:o}" if file.exists else None


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
    # 127.0.0.11 is the engine's own name server, on a port that is another one every time
    own = [words[1] for words in sockets if words[3] == "0A" and words[1][:8] != "0B00007F"]
    return {int(address.rpartition(":")[2], 16) for address in own}
