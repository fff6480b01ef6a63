"""Says what a comparison found on the hosts, so that no green stands for questions unanswered."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployment_drift.compare.comparison import Comparison
from deployment_drift.errors import DriftError
from deployment_drift.records import JSON, Check, Observation, Status, Verdict
from deployment_drift.values import plain

if TYPE_CHECKING:
    from deployment_drift.probe.questions import WebPage

LITTLE = 4  # less than one question in so many had anything to ask
EMPTY: tuple[JSON, ...] = (None, False, 0, "", {}, [])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: the checks that look for it, by subject or name, and what they then list."""

    subjects: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    entries: str = ""

    def asks(self, check: Check) -> bool:
        """Whether a check looks for it."""
        return check.subject in self.subjects or check.name in self.names

    def is_on(self, check: Check, seen: Observation) -> bool:
        """Whether a check found it on a host."""
        if not self.asks(check) or seen.status is not Status.VALUE or seen.value in EMPTY:
            return False
        listed = seen.value if isinstance(seen.value, (Mapping, list)) else ()
        found = re.compile(self.entries, re.IGNORECASE).search
        return not self.entries or any(found(str(each)) for each in listed)


DATABASES = ("database_settings", "services")
KINDS: Mapping[str, Kind] = {
    "php": Kind(("php", "settings", "cli", "extensions", "libraries", "runtimes", "answers")),
    "web": Kind(("webserver",)),
    "app": Kind(("application", "shop")),
    "database": Kind(names=DATABASES, entries="maria|mysql|postgres"),
    "cache": Kind(names=DATABASES, entries="redis|memcached"),
    "cron": Kind(names=("jobs", "timers")),
    "mail": Kind(names=("mail_transfer_agent", "smtp_port")),  # not a name that mails would carry
    "packages": Kind(names=("every_package",)),
}
"""What a comparison can be told to find, and which checks look for it."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many checks were `made`, of how many `applied` to a host, and where each kind was found.

    `found` has every kind, with the hosts that have it, in the order of the hosts; of those in
    `unknown`, a host did not say whether it has them.
    """

    made: int
    applied: int
    found: Mapping[str, tuple[str, ...]]
    hosts: tuple[str, ...]
    unknown: frozenset[str] = frozenset()

    @property
    def nowhere(self) -> tuple[str, ...]:
        """The kinds that no host has, as far as each has said so."""
        return tuple(k for k, hosts in self.found.items() if not hosts and k not in self.unknown)

    @property
    def little(self) -> bool:
        """Whether so little was there that a parity says little."""
        return self.applied * LITTLE < self.made or {"php", "web"} <= set(self.nowhere)

    def missing(self, expected: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return each expected kind that not every host has, with the hosts that lack it."""
        lacking = {
            kind: tuple(host for host in self.hosts if host not in self.found[kind])
            for kind in expected
        }
        return {kind: hosts for kind, hosts in lacking.items() if hosts or not self.hosts}


def coverage(comparisons: Sequence[Comparison]) -> Coverage:
    """Return what there was to compare."""
    hosts = tuple(dict.fromkeys(host for made in comparisons for host in made.observations))
    applied = [made for made in comparisons if made.verdict is not Verdict.NOT_APPLICABLE]
    found = {kind: _found(kind, applied) for kind in KINDS}
    having = {kind: tuple(host for host in hosts if host in there) for kind, there in found.items()}
    silent = [made.check for made in comparisons if made.verdict is Verdict.UNKNOWN]
    unknown = frozenset(kind for kind, each in KINDS.items() if any(map(each.asks, silent)))
    return Coverage(len(comparisons), len(applied), having, hosts, unknown)


def unmet(
    comparisons: Sequence[Comparison], pages: Iterable["WebPage"]
) -> dict[str, tuple[str, ...]]:
    """Return what pages were to answer and did not, as `status 200 of /health`, with the hosts."""
    by_case = {made.check.case: made for made in comparisons if made.check.case}
    wanted = [(page, *each) for page in pages for each in page.expected.items()]
    found = {
        " ".join((name, *([] if value is None else [plain(value)]), "of", page.label)): tuple(
            host
            for host, seen in by_case[page.label].observations.items()
            if isinstance(seen.value, Mapping) and not _meets(seen.value.get(name), value)
        )
        for page, name, value in wanted
        if page.label in by_case
    }
    return {what: hosts for what, hosts in found.items() if hosts}


def _meets(answer: JSON, value: JSON) -> bool:
    return answer is not None and (value is None or plain(answer) == plain(value))


def _found(kind: str, comparisons: Sequence[Comparison]) -> set[str]:
    found: set[str] = set()
    for made in comparisons:
        there = {id(seen): seen for seen in made.observations.values()}
        on = {key for key, seen in there.items() if KINDS[kind].is_on(made.check, seen)}
        found |= {host for host, seen in made.observations.items() if on and id(seen) in on}
    return found


def kinds(text: str) -> tuple[str, ...]:
    """Read `php,web`; DriftError, with the likely one, for a kind that there is not."""
    wanted = tuple(dict.fromkeys(kind.strip() for kind in text.split(",") if kind.strip()))
    for kind in wanted:
        if kind not in KINDS:
            near = difflib.get_close_matches(kind, KINDS)
            hint = f"--expect {near[0]}" if near else f"there are {', '.join(KINDS)}"
            raise DriftError(f"--expect {kind}: there is no such kind of thing", hint=hint)
    return wanted


def sentence(missing: Mapping[str, Sequence[str]]) -> str:
    """Return what was expected but not found, in one sentence: `no web on release`."""
    told = [f"no {kind} on {', '.join(hosts) or 'any host'}" for kind, hosts in missing.items()]
    return f"expected but not found: {'; '.join(told)}" if told else ""
