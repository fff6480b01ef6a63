"""What checks ask of a host: facts under their names, questions put, what was seen remembered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import isfinite
from pathlib import Path
from traceback import walk_tb
from typing import Any

from deployment_drift.errors import UnknownError
from deployment_drift.probe.application import Applications
from deployment_drift.probe.changes import Changes
from deployment_drift.probe.collect import Facts, Section, collect
from deployment_drift.probe.packages import Packages
from deployment_drift.probe.php import PHP
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.runtimes import Runtimes
from deployment_drift.probe.servers import Mail, Pages, WebServers
from deployment_drift.probe.services import Services
from deployment_drift.probe.shop import Shop
from deployment_drift.probe.system import System
from deployment_drift.records import Observation, Status
from deployment_drift.values import nameless

OURS = Path(__file__).parent
PLAIN = (str, int, float, type(None))
DEEPEST = 50  # levels of lists and objects in an answer
ENTRIES = 200_000  # values on one of these levels
Sections = Mapping[str, Section]
Question = Callable[[Any], Any]  # what it returns must be JSON
KINDS: dict[str, Callable[[Facts], Any]] = {
    "application": Applications,
    "changes": Changes,
    "mail": Mail,
    "packages": Packages,
    "pages": Pages,
    "services": Services,
    "system": System,
    "webservers": WebServers,
}
"""The attributes that every host has besides testinfra's own, and what makes them of its facts."""


class Reading(Sections):
    """The sections of one host, which note what is looked at."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self.names: dict[str, None] = {}
        self.listed = False

    def __getitem__(self, name: str) -> Section:
        """Give a section, whether it is there or not: also that counts."""
        self.names[name] = None
        return self._sections[name]

    def __iter__(self) -> Iterator[str]:
        """Give the names, all of which count then."""
        self.listed = True
        return iter(self._sections)

    def __len__(self) -> int:
        """Say how many there are."""
        self.listed = True
        return len(self._sections)


class Memory:
    """What each question saw, by all that it looked at; one comparison has one."""

    def __init__(self) -> None:
        self._kept: dict[Section, Section] = {}
        self._looked: dict[Question, list[tuple[tuple[str, ...], bool]]] = {}
        self._seen: dict[tuple[object, ...], Observation] = {}
        self._made: dict[tuple[object, str], Any] = {}

    def kept(self, sections: Sections) -> dict[str, Section]:
        """Return the same sections: of equal ones, those that were there before."""
        return {name: self._kept.setdefault(each, each) for name, each in sections.items()}

    def facts(self, collected: Callable[[], Sections]) -> Facts:
        """Return a host's facts, which share with others what is made of equal texts."""
        return Facts(collected, self._made)

    def observe(
        self, question: Question, sections: Sections, see: Callable[[Sections], Observation]
    ) -> Observation:
        """Return what `see` gives; it is not asked where the question already looked at the same.

        What is unknown is never remembered: its reason may be the host's own.
        """
        ways = self._looked.setdefault(question, [])
        for way in ways:
            if known := self._seen.get(_key(question, way, sections)):
                return known
        reading = Reading(sections)
        seen = see(reading)
        if seen.status is not Status.UNKNOWN:
            way = (tuple(reading.names), reading.listed)
            self._seen[_key(question, way, sections)] = seen
            ways.extend([way] if way not in ways else [])
        return seen


def _key(
    question: Question, way: tuple[tuple[str, ...], bool], sections: Sections
) -> tuple[object, ...]:
    names, listed = way
    return (question, way, *map(sections.get, names), tuple(sections) if listed else ())


def observe(host: Any, question: Question) -> Observation:  # noqa: ANN401 -- testinfra's host has no static attributes
    """Return what `question(host)` gives; None is ABSENT, and any exception is UNKNOWN."""
    asked: dict[str, None] = getattr(getattr(host, "facts", None), "asked", {})
    asked.clear()
    try:
        value = question(host)
    except UnknownError as error:
        return Observation(Status.UNKNOWN, reason=error.what)
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong in a check is no answer of the host
        return Observation(Status.UNKNOWN, reason=_reason(error, asked))
    if value is None:
        return Observation(Status.ABSENT)
    if fault := unsound(value):
        return Observation(Status.UNKNOWN, reason=f"its answer {fault}")
    return Observation(Status.VALUE, value)


def unsound(value: object) -> str:
    """Return why a value cannot be compared and written as JSON, "" where it can.

    Whoever goes through values may do so by recursion: none nests deeper than DEEPEST.
    """
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        if not level:
            return ""
        if len(level) > ENTRIES:
            return f"has more than {ENTRIES:,} entries"
        lists, objects = _of(level, list, tuple), _of(level, Mapping)
        names = list(chain.from_iterable(objects))
        if fault := _wrong(level, (*PLAIN, list, tuple, Mapping)) or _wrong(names, (str,)):
            return fault
        level = [*chain.from_iterable(lists), *chain.from_iterable(o.values() for o in objects)]
    return f"nests deeper than {DEEPEST} levels"


def _of(values: Sequence[Any], *kinds: type) -> list[Any]:
    found = {kind for kind in set(map(type, values)) if issubclass(kind, kinds)}
    return [each for each in values if type(each) in found] if found else []


def _wrong(values: Sequence[Any], kinds: tuple[type, ...]) -> str:
    """Return what is wrong with values of one level; what inner ones hold is looked at later."""
    other = [kind.__name__ for kind in set(map(type, values)) if not issubclass(kind, kinds)]
    if other:
        return f"is no JSON: {other[0]}"
    if not all(map(isfinite, _of(values, float))):
        return "has a number that is none"
    text = "".join(_of(values, str))
    return "" if text.isascii() or _is_unicode(text) else "has half a character"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _reason(error: Exception, asked: Iterable[str]) -> str:
    """Say what has gone wrong: what the host says cannot be read, or a check has a fault."""
    if _is_of_a_reader(error):
        named = ", ".join(asked)
        return f"{named}{': ' * bool(named)}what the host says cannot be understood"
    text = nameless(str(error).strip() or repr(error))
    return f"the check has ended with {type(error).__name__}: {text.splitlines()[0][:200]}"


def _is_of_a_reader(error: Exception) -> bool:
    """Whether it was one of our readers that failed, rather than the check that had called it."""
    _, *inner = walk_tb(error.__traceback__)  # the first is `observe`
    return any(Path(frame.f_code.co_filename).parent == OURS for frame, _ in inner)


def equip(host: Any, questions: Questions, memory: Memory | None = None) -> Any:  # noqa: ANN401
    """Give a live host its facts, which are asked when first wanted, and what is made of them."""
    kept = memory or Memory()
    facts = kept.facts(lambda: kept.kept(collect(host.backend, questions)))
    host.known = Known(facts)
    vars(host).update(vars(host.known))
    return host


def give(host: Any, facts: Facts) -> Any:  # noqa: ANN401
    """Give a host what is made of its facts, under the names by which checks ask."""
    host.facts = facts
    host.runtimes = runtimes = Runtimes(facts)
    host.php = PHP(lambda: [runtimes.command_line] if runtimes.command_line else [])
    host.web = PHP(lambda: runtimes.web)
    host.shop = Shop(runtimes)
    for name, kind in KINDS.items():
        setattr(host, name, kind(facts))
    return host


class NotKnownError(BaseException):
    """Only the host can say it; a question that expects errors does not take this for one."""


class Known:
    """What is made of a host's facts, and nothing that only the host can say."""

    def __init__(self, facts: Facts) -> None:
        give(self, facts)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever testinfra's host has
        """Refuse what was not asked with everything else."""
        raise NotKnownError(name)
