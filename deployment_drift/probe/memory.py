"""Remembers what checks saw: of a thousand snapshots few differ, and equal ones are read once."""

from collections.abc import Callable, Iterator, Mapping

from deployment_drift.probe.collect import Section
from deployment_drift.records import Observation, Status

Sections = Mapping[str, Section]


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
    """What each check saw, by all that it looked at; one comparison has one."""

    def __init__(self) -> None:
        self._kept: dict[Section, Section] = {}
        self._looked: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
        self._seen: dict[tuple[object, ...], Observation] = {}

    def kept(self, sections: Sections) -> dict[str, Section]:
        """Return the same sections: of equal ones, those that were there before."""
        return {name: self._kept.setdefault(each, each) for name, each in sections.items()}

    def observe(
        self, check: str, sections: Sections, see: Callable[[Sections], Observation]
    ) -> Observation:
        """Return what `see` gives; it is not asked where a check already looked at the same.

        What is unknown is never remembered: its reason may be the host's own.
        """
        ways = self._looked.setdefault(check, [])
        for way in ways:
            if known := self._seen.get(_key(check, way, sections)):
                return known
        reading = Reading(sections)
        seen = see(reading)
        if seen.status is not Status.UNKNOWN:
            way = (tuple(reading.names), reading.listed)
            self._seen[_key(check, way, sections)] = seen
            ways.extend([way] if way not in ways else [])
        return seen


def _key(check: str, way: tuple[tuple[str, ...], bool], sections: Sections) -> tuple[object, ...]:
    names, listed = way
    return (check, way, *map(sections.get, names), tuple(sections) if listed else ())
