"""Every installed package of a host with its version, whatever the package managers."""

import re
from functools import cached_property
from typing import Any

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Facts
from deployment_drift.probe.printed import listed
from deployment_drift.records import item

STATES = {  # dpkg's second letter; what is not here is not installed
    "i": "",
    "U": "only unpacked",
    "F": "half-configured",
    "H": "half-installed",
    "W": "waits for a trigger",
    "t": "a trigger is pending",
}
INCOMPLETE = "UFH"
DPKG_FIELDS, RPM_FIELDS, APK_FIELDS = 6, 3, 2
SHOWN = 60  # characters of a line that is none of these
BASE = {"required", "important", "standard"}


class Packages:
    """The packages of one host; several package managers may have a part in it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def versions(self) -> dict[str, str] | None:
        """Versions by name; None where no known package manager is.

        A package of a second architecture is called `libc6:i386`, one that two managers know
        `tea` and `tea (rpm)`. A version says so when its package is not completely installed:
        `1.2 (half-configured)`.
        """
        managers = {"dpkg": self._dpkg, "rpm": self._rpm, "apk": self._apk}
        found: dict[str, str] = {}
        for manager, each in managers.items():
            of_another = found.keys() & (each or {}).keys()
            found |= {
                f"{name} ({manager})" if name in of_another else name: version
                for name, version in (each or {}).items()
            }
        return found if any(each is not None for each in managers.values()) else None

    def version(self, name: str) -> str | None:
        """Return a package's version; None where it is not installed."""
        return (self.versions or {}).get(name)

    @property
    def items(self) -> dict[str, Any] | None:
        """Versions by name; own: somebody asked for the package, it did not come with another."""
        if self.versions is None:
            return None
        return {
            name: item(version, own=name in self._by_hand)
            for name, version in self.versions.items()
        }

    @property
    def programs(self) -> dict[str, str] | None:
        """Paths, by name, of the programs that applications in PHP are known to call.

        With it stands whose a program is, and who may run it, where that is not as usual.
        """
        said = self._facts.text("programs")
        told = {each.path: _who(each.access) for each in listed(said or "")}
        return None if said is None else {_file(path): path + who for path, who in told.items()}

    @property
    def states(self) -> dict[str, str] | None:
        """Packages that dpkg holds back or has not finished, by name; None without dpkg."""
        if self._rows is None:
            return None
        told = {self._name(row): _state(row[0]) for row in self._rows}
        return {name: state for name, state in told.items() if state}

    @cached_property
    def _rows(self) -> list[list[str]] | None:
        said = self._facts.text("dpkg-packages")
        if said is None:
            return None
        rows = _rows("dpkg-packages", said, DPKG_FIELDS)
        if not rows:
            raise UnknownError("dpkg-packages: its database lists no packages")
        return [row for row in rows if row[0][1:2] in STATES]

    @property
    def _dpkg(self) -> dict[str, str] | None:
        rows = self._rows
        return None if rows is None else {self._name(row): _version(row) for row in rows}

    def _name(self, row: list[str]) -> str:
        _, name, architecture, *_ = row
        native = (self._facts.text("dpkg-architecture") or "").strip()
        return name if architecture in {native, "all"} else f"{name}:{architecture}"

    @property
    def _rpm(self) -> dict[str, str] | None:
        said = self._facts.text("rpm-packages")
        if not said:  # rpm is on a Debian host, too, with a database of nothing
            return None if said is None or self._rows is not None else {}
        found: dict[str, str] = {}
        rows = _rows("rpm-packages", said, RPM_FIELDS)
        rows.sort(key=lambda row: (row[0], row[1].startswith("i"), row))  # i686 is the second one
        for name, architecture, version in rows:
            key = f"{name}:{architecture}" if name in found and name != "gpg-pubkey" else name
            found[key] = f"{found[key]}, {version}" if key in found else version
        return found

    @property
    def _apk(self) -> dict[str, str] | None:
        said = self._facts.text("apk-packages")
        return None if said is None else dict(_rows("apk-packages", said, APK_FIELDS))

    @cached_property
    def _by_hand(self) -> set[str]:
        automatic = self._facts.text("dpkg-automatic")
        world = re.findall(r"^[^\s<>=~@!]+", self._facts.text("apk-world") or "", re.MULTILINE)
        if automatic is None:
            return set(world)
        other = set(automatic.split())
        return {*world, *(self._name(row) for row in self._rows or () if _wanted(row, other))}


def _rows(section: str, said: str, fields: int) -> list[list[str]]:
    """Return the fields of each line; UnknownError for what is no line of a list of packages."""
    rows = [line.split("\t") for line in said.splitlines() if line]
    for row in rows:
        if len(row) != fields:
            line = " ".join(row)[:SHOWN]
            raise UnknownError(f"{section}: no package, but this is in its list: {line}")
    return rows


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def _who(access: str) -> str:
    return "" if access == "root:root 755" else f", {access}"


def _wanted(row: list[str], automatic: set[str]) -> bool:
    _, name, _, _, priority, essential = row
    return name not in automatic and priority not in BASE and essential != "yes"


def _version(row: list[str]) -> str:
    status, version = row[0], row[3]
    return f"{version} ({STATES[status[1]]})" if status[1] in INCOMPLETE else version


def _state(status: str) -> str:
    held = "on hold" if status.startswith("h") else ""
    return ", ".join(word for word in (held, STATES[status[1]]) if word)
