"""The applications of a host: which there are, and what each of them is."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from deployment_drift.errors import UnknownError
from deployment_drift.probe import access, deployed
from deployment_drift.probe.deployed import Application
from deployment_drift.probe.directives import Inventory
from deployment_drift.probe.printed import printed, steady
from deployment_drift.records import JSON

if TYPE_CHECKING:
    from deployment_drift.probe.collect import Facts

SECTIONS = ("application", "application-files", "application-settings", "application-packages")
# These figures are those of sh/_application_*.
MOST = {"application": 5_000, "application-files": 20_000, "application-settings": 200}
REFUSED = re.compile(r".*ermission denied.*")


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
        return self._told(deployed.files)

    @property
    def packages(self) -> JSON:
        """Composer's packages and their versions."""
        return self._told(deployed.packages)

    @property
    def permissions(self) -> JSON:
        """Whose folders are, and which files those who run the application cannot read."""
        return self._told(lambda each: dict(access.permissions(each)))

    @property
    def links(self) -> JSON:
        """Where links lead; within the application they are told as relative to it."""
        return self._told(deployed.links)

    @property
    def twins(self) -> JSON:
        """Files whose names differ only by case: elsewhere they are one."""
        return self._told(deployed.twins)

    @property
    def settings(self) -> Inventory | None:
        """The lines of files with settings: `{".env": {"APP_ENV": item}}`."""
        if self.found is None:
            return None
        found: Inventory = {}
        for label, each in self.found.items():
            prefix = "" if len(self.found) == 1 or each is first(self.found) else f"{label} "
            found |= {f"{prefix}{name}": told for name, told in deployed.settings(each)}
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
