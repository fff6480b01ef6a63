"""What somebody changed on a host: configuration as no package brought it, links, own files."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Facts
from deployment_drift.probe.printed import listed, steady
from deployment_drift.probe.settings import Lines, Setting, files, parse
from deployment_drift.records import item

Entries = dict[str, Any]

OWN_TARGET = re.compile(r"/(usr/local|opt|srv|home|root|var/www)/|/(sites|conf)-available/")
MADE = re.compile(  # made by the scripts of packages, so nobody's own
    r"/etc/(profile|networks|shells|ethertypes"
    r"|ca-certificates\.conf|pam\.d/common-[\w-]+|apt/sources\.list|fstab|inittab|rpc|libaudit\.conf"
    r"|default/(keyboard|console-setup)|apt/apt\.conf\.d/\w+|dpkg/dpkg\.cfg\.d/\w+|subuid"
    r"|memcached\.conf|modules(-load\.d/.*)?|alternatives/.*|systemd/system/.*\.wants/.*)$"
)
FOLDED = re.compile(r"(/(?:lib|lib64|libexec|include|share|src|man|vendor)/[^/]+/).*")
CAPABLE = re.compile(r"^(/.*?) (?:= )?(cap_\S+)$", re.MULTILINE)
BROUGHT_CAPABLE = re.compile(r"/(f?ping|arping|clockdiff|mtr-packet|dumpcap|new[ug]idmap)$")
SCRIPTS = "/etc/init.d/"  # of which no line is read: each version of a package has others
UNITS = "/usr/lib/systemd/system/"
EXTENSIONS = "/usr/lib/php/"  # each is told by its name
MOST_PERMISSIONS = 1000  # files whose permissions are looked at, as in _found.sh
MOST = 2000  # files outside packages that are looked at, as in changes_outside.sh


class Changes:
    """The configuration of one host, by file and by line, and what lies outside its packages."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def configuration(self) -> Entries | None:
        """Every line that counts below /etc: `{path: {key: item}}`.

        An item is somebody's own where its file is not as its package brought it; in a php.ini
        only where the line is not PHP's own.
        """
        said = self._facts.text("config-lines")
        return None if said is None else dict(self._files(said))

    def _files(self, said: str) -> Iterator[tuple[str, Entries]]:
        for path, lines in files(said).items():
            read = parse(lines, sections=not path.startswith("/etc/php"))
            found = self._entries(path, read) | self._line_ends(path, lines)
            if found:
                yield path, found
        for path in self._removed:
            yield path, {"file": item("removed", at=path, own=True)}
        for path, state in self._brought.items():
            if state == "FAILED" and path.startswith(SCRIPTS):
                yield path, {"file": item("edited", at=path, own=True)}

    def _entries(self, path: str, lines: Iterable[Setting]) -> Entries:
        own, stock = self.is_own(path), self._stock(path)
        return {
            each.key: item(
                each.value,
                at=f"{path}:{each.number}",
                own=own and (each.key, each.value) not in stock,
            )
            for each in lines
        }

    def _line_ends(self, path: str, lines: Lines) -> Entries:
        """Tell those of Windows: a shell, systemd and cron keep them as a part of the value."""
        number = next((number for number, line in lines if line.endswith("\r")), None)
        if number is None:
            return {}
        return {"line ends": item("CR LF", at=f"{path}:{number}", own=self.is_own(path))}

    def is_own(self, path: str) -> bool:
        """Whether a file of configuration is not as a package brought it."""
        if path.startswith(UNITS):
            return path in self._own_units
        if path in self._brought:
            return self._brought[path] != "OK"
        return path not in self._owned and not MADE.fullmatch(path)

    @cached_property
    def _brought(self) -> dict[str, str]:
        """What the package manager says of its configuration files: OK, FAILED or more words."""
        said = self._facts.text("config-as-brought") or ""
        rows = (line.rpartition(": ") for line in said.splitlines())
        return {path: state for path, _, state in rows if path.startswith("/")}

    @property
    def _removed(self) -> list[str]:
        gone = [path for path, state in self._brought.items() if state.endswith("open or read")]
        folders = tuple(each for each in self._closed if each.endswith("/"))
        return sorted(path for path in {*gone} - {*self._closed} if not path.startswith(folders))

    @property
    def _closed(self) -> list[str]:
        return (self._facts.text("config-unread") or "").splitlines()

    @cached_property
    def _own_units(self) -> set[str]:
        """The units of systemd that no package brought, or that are not as it did."""
        return {*(self._facts.text("config-units") or "").split("\n")}

    @cached_property
    def _owned(self) -> set[str]:
        return set((self._facts.text("config-owned") or "").split("\n"))

    @cached_property
    def _packaged_ini(self) -> dict[str, Lines]:
        return files(self._facts.text("config-packaged-ini") or "")

    def _stock(self, path: str) -> set[tuple[str, str]]:
        """Return what PHP's own php.ini sets, as (key, value)."""
        found = re.fullmatch(r"/etc/php/([\d.]+)/(\w+)/php\.ini", path)
        if not found:
            return set()
        stem = f"/usr/lib/php/{found[1]}/php.ini-production"
        lines = self._packaged_ini.get(f"{stem}.{found[2]}") or self._packaged_ini.get(stem, [])
        return {(each.key, each.value) for each in parse(lines, sections=False)}

    @property
    def links(self) -> Entries | None:
        """Where the links below /etc lead; own: chosen by hand, or to what no package brought."""
        said = self._facts.text("config-links")
        if said is None:
            return None
        chosen = (self._facts.text("config-alternatives") or "").splitlines()
        by_hand = {path.rpartition("/")[2] for path in chosen}
        rows = re.findall(r"^l.*? (/etc/.*?) -> (.*)$", said, re.MULTILINE)
        return {path: self._link(path, target, by_hand) for path, target in rows}

    def _link(self, path: str, target: str, by_hand: set[str]) -> Any:  # noqa: ANN401 -- JSON
        alternative = path.startswith("/etc/alternatives/")
        own = path.rpartition("/")[2] in by_hand if alternative else self._leads_out(path, target)
        return item(target, at=path, own=own)

    def _leads_out(self, path: str, target: str) -> bool:
        return bool(OWN_TARGET.search(target)) and path not in self._owned

    @property
    def files(self) -> Entries | None:
        """What no package brought to /usr/local, /opt and parts of /usr, by hash.

        So are large files of /etc. Of the largest only the size is told, and of folders with many
        files how many they are. A library is one entry: `/usr/local/lib/php/…`. Beside these is
        what configuration names and is not there, libraries that programs find there, and where
        links lead by which programs are called.
        """
        folders: dict[str, list[str]] = {}
        for digest, path in self._hashed[:MOST]:
            name = path if path.startswith(EXTENSIONS) else FOLDED.sub(r"\1…", path)
            folders.setdefault(name, []).append(digest)
        missing = (self._facts.text("files-missing") or "").splitlines()
        removed = (self._facts.text("files-removed") or "").splitlines()
        said = self._facts.text("config-links") or ""
        links = re.findall(r"^l.*? (/(?!etc/).*?) -> (.*)$", said, re.MULTILINE)
        linked = (line.split() for line in (self._facts.text("files-linked") or "").splitlines())
        return {
            **{path: item(f"leads to {steady(to)}", at=path, own=True) for path, to in links},
            **{name: item("is found", at=path, own=True) for name, path in linked},
            **{path: item("named, but missing", at=path, own=True) for path in missing},
            **{path: item("removed from its package", at=path, own=True) for path in removed},
            **{
                path: item(_short(each), at=path, own=self.is_own(path))
                for path, each in folders.items()
            },
        }

    @cached_property
    def _hashed(self) -> list[tuple[str, str]]:
        said = self._facts.text("files-outside") or ""
        hashes = re.findall(r"^(\w+(?: \d+)?) [ *]?(/(?!dev/null).*)$", said, re.MULTILINE)
        large = re.findall(r"^(.*)\t(.*)$", self._facts.text("files-large") or "", re.MULTILINE)
        return [*((digest[:12], path) for digest, path in hashes), *large]

    @property
    def permissions(self) -> Entries | None:
        """Whose files of configuration are that not everybody may read, or others may write.

        Keys are among them: that one is there is all that is said of it.
        """
        said = listed(self._facts.text("config-permissions") or "")
        told = {p.path: item(p.access, at=p.path, own=self.is_own(p.path)) for p in said}
        return told | self._capable or None

    @property
    def _capable(self) -> Entries:
        """Programs that may do what only root may, as setcap gave them that."""
        said = CAPABLE.findall(self._facts.text("files-capable") or "")
        return {
            path: item(what.replace("+", "="), at=path, own=not BROUGHT_CAPABLE.search(path))
            for path, what in said
        }

    @property
    def unread(self) -> None:
        """Nothing: where a part of the configuration could not be read, this is unknown."""
        closed = [*self._closed, *(self._facts.text("files-unread") or "").splitlines()]
        if closed:
            raise UnknownError(f"this user may not read {', '.join(closed[:3])}{_more(closed, 3)}")
        for name in self._facts.named("unseen "):
            raise UnknownError(
                f"{self._facts.text(f'unseen {name}')} was started with variables or options that"
                " cannot be seen, and that may set something"
            )
        if len(self._hashed) > MOST:
            raise UnknownError(f"of /usr/local and /opt only {MOST:,} files were compared")
        if len(self.permissions or ()) > MOST_PERMISSIONS:
            raise UnknownError(f"only {MOST_PERMISSIONS:,} files' permissions were compared")


def _short(digests: list[str]) -> str:
    if len(digests) == 1:
        return digests[0]
    total = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()[:12]
    return f"{len(digests)} files, {total}"


def _more(names: list[str], shown: int) -> str:
    return f" and {len(names) - shown} more" if len(names) > shown else ""
