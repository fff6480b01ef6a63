"""Takes whole inventories, as packages or settings by runtime, apart into their entries."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deployment_drift.compare.meaning import Home, Kind, is_item, kind_in, meaning, stem
from deployment_drift.records import JSON

SUMMARY = 5  # entries of a group that only one host has, which are told in its one row
VERSIONED = re.compile(r"(?<=[a-z/-])(?<!/php/)\d+(?:\.\d+)*(?=[/-])")  # of a folder
Name = tuple[str, str]  # the group, as a runtime or a virtual host ("" for none), and the key


class Entry(NamedTuple):  # made for each entry of each list, which takes a dataclass thrice as long
    """One entry of an inventory: its value, where it was set, and whether by hand.

    `group` and `key` are its name as the host writes it; `traced` says whether it is known who
    set it.
    """

    group: str
    key: str
    value: JSON
    at: str = ""
    own: bool = False
    traced: bool = False


Entries = Mapping[Name, Entry]


def entries(value: JSON, home: Home | None = None) -> dict[Name, Entry] | None:
    """Return an inventory's entries by what their names mean at `home`; None for anything else."""
    read = (home or Home()).reads
    if isinstance(value, (list, tuple)):
        return {("", read(str(each))): Entry("", str(each), each) for each in value}
    if not isinstance(value, Mapping) or is_item(value):
        return None
    found = _flat(value)
    # beside values with a place, one without is what nobody set
    traced = any(is_item(each) for _, _, each in found)
    return {(read(name), read(key)): _entry(name, key, each, traced) for name, key, each in found}


def _flat(value: Mapping[str, JSON]) -> list[tuple[str, str, JSON]]:
    found: list[tuple[str, str, JSON]] = []
    for name, each in value.items():
        if not isinstance(each, str) and isinstance(each, Mapping) and not is_item(each):
            found += [(name, key, inner) for key, inner in each.items()]
        else:
            found.append(("", name, each))
    return found


def _entry(group: str, key: str, value: JSON, traced: bool) -> Entry:  # noqa: FBT001 -- as it is
    if is_item(value):
        at, own = str(value.get("at", "")), value.get("own") is True
        return Entry(group, key, value["is"], at, own, traced)
    return Entry(group, key, value, traced=traced)


def matched(sides: Sequence[Entries], kind: Kind) -> list[Entries]:
    """Return the sides with names that can be compared.

    A level that has one group on every side is not named, packages and folders below /etc are
    matched without the versions in their names, and a group that not every side has is one entry.
    """
    sides = _without_only_group(sides)
    if kind is Kind.PACKAGE:
        sides = _by_stem(sides, lambda name: (name[0], stem(name[1])), lambda entry: entry)
    else:
        sides = _by_stem(sides, _place, _without_version)
    return _with_lonely_groups(sides)


def groups_of(side: Entries) -> set[str]:
    """Return the groups that a side has."""
    return {group for group, _ in side}


def _without_only_group(sides: Sequence[Entries]) -> list[Entries]:
    if any(len(groups_of(side)) > 1 or "" in groups_of(side) for side in sides):
        return list(sides)
    alike = len(set().union(*map(groups_of, sides))) <= 1
    return [_unnamed(side, alike=alike) for side in sides]


def _unnamed(side: Entries, *, alike: bool) -> Entries:
    """Drop the group from the names; where hosts name it differently, that stays an entry."""
    kept = {("", key): entry._replace(group="") for (_, key), entry in side.items()}
    group = next(iter(side.values())).group if side else ""
    return kept if alike or not group else {("", ""): Entry("", "", group), **kept}


def _by_stem(
    sides: Sequence[Entries], stem_of: Callable[[Name], Name], told: Callable[[Entry], Entry]
) -> list[Entries]:
    common = set(sides[0]).intersection(*sides[1:])
    lone = [{name: stem_of(name) for name in side if name not in common} for side in sides]
    stems = [Counter(each.values()) for each in lone]
    clear = {name for counted in stems for name in counted}
    clear = {name for name in clear if all(counted[name] <= 1 for counted in stems)}
    found: list[Entries] = []
    for side, to in zip(sides, lone, strict=True):
        renamed = {name for name, new in to.items() if new != name and new in clear}
        found.append(
            {
                to[name] if name in renamed else name: told(entry) if name in renamed else entry
                for name, entry in side.items()
            }
        )
    return found


def _place(name: Name) -> Name:
    """Return a name without the versions of folders: `/etc/postgresql/*/main`."""
    return _versionless(name[0]), _versionless(name[1])


def _versionless(text: str) -> str:
    return VERSIONED.sub("*", text) if text.startswith("/etc/") else text


def _without_version(entry: Entry) -> Entry:
    """Let an entry that is matched so be called so, and a path of its version lead there."""
    found = VERSIONED.search(entry.group) or VERSIONED.search(entry.key)
    value = entry.value
    if found and isinstance(value, str):
        value = value.replace(f"/{found[0]}/", "/*/")
    return entry._replace(key=_versionless(entry.key), value=value)


def _with_lonely_groups(sides: Sequence[Entries]) -> list[Entries]:
    """Add one entry for each group that not every side has."""
    everywhere = set(groups_of(sides[0])).intersection(*map(groups_of, sides[1:]))
    return [_summed(side, everywhere | {""}) for side in sides]


def _summed(side: Entries, everywhere: set[str]) -> Entries:
    lonely: dict[str, list[Entry]] = defaultdict(list)
    for (group, _), entry in side.items():
        if group not in everywhere:
            lonely[group].append(entry)
    return {**side, **{("", group): _sum(found) for group, found in lonely.items()}}


def _sum(found: Sequence[Entry]) -> Entry:
    """Return a group as one entry that tells what somebody set in it, or what it begins with."""
    told = sorted(found, key=lambda entry: not entry.own)[:SUMMARY]
    texts = [f"{entry.key} {entry.value}" if entry.value != "" else entry.key for entry in told]
    more = [f"+ {len(found) - SUMMARY}"] if len(found) > SUMMARY else []
    at = next((entry.at for entry in told if entry.at), "")
    own, traced = any(entry.own for entry in found), all(entry.traced for entry in found)
    return Entry("", found[0].group, ", ".join([*texts, *more]), at, own, traced)


def differing(sides: Sequence[Entries], kind: Kind, homes: Sequence[Home]) -> list[Name]:
    """Return the names whose entries do not mean the same on all sides; sorted.

    What is in a group is compared where the group is: that a side has none is one entry.
    """
    having: dict[str, list[tuple[Entries, Home]]] = {}
    for side, home in zip(sides, homes, strict=True):
        for group in groups_of(side) | {""}:
            having.setdefault(group, []).append((side, home))
    names = sorted(set().union(*sides))
    return [name for name in names if len(_meanings(name, having[name[0]], kind)) > 1]


def _meanings(name: Name, sides: Sequence[tuple[Entries, Home]], kind: Kind) -> set[str]:
    spelt = {_spelling(side.get(name), home) for side, home in sides}
    if len(spelt) == 1 and "" not in spelt:  # as most are
        return spelt
    kind = kind_in(name[1], kind_in(name[0], kind))
    return {_meaning(side.get(name), kind, home) for side, home in sides}


def _spelling(entry: Entry | None, home: Home) -> str:
    """Return how an entry with a text reads; "" for any other."""
    if entry is None or not isinstance(entry.value, str):
        return ""
    return f"{home.reads(entry.key)}\n{home.reads(entry.value)}"


def _meaning(entry: Entry | None, kind: Kind, home: Home) -> str:
    if entry is None:
        return "absent"
    # packages are matched without the version in their names, which differs nonetheless
    return f"{home.reads(entry.key)} {meaning(home.value(entry.value), kind)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Names that are only here, only there, and in both with another value; sorted."""

    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    different: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is not the same on both sides."""
        return (*self.only_here, *self.only_there, *self.different)


def difference(here: JSON, there: JSON, kind: Kind = Kind.OTHER) -> Difference | None:
    """Compare two inventories: objects by name and value, lists as sets; None for anything else."""
    found, others = entries(here), entries(there)
    if found is None or others is None or isinstance(here, list) != isinstance(there, list):
        return None
    one, other = matched([found, others], kind)
    names = differing([one, other], kind, [Home(), Home()])
    return Difference(
        tuple(label(one[name]) for name in names if name not in other),
        tuple(label(other[name]) for name in names if name not in one),
        tuple(label(one[name]) for name in names if name in one and name in other),
    )


def label(entry: Entry) -> str:
    """Return what an entry is called: `memory_limit`, or `php-fpm, pool www: memory_limit`."""
    return f"{entry.group}: {entry.key}" if entry.group else entry.key


def folded(names: Sequence[str], most: int = 3) -> str:
    """Return `a, b, c + 12`: the first names, and how many more there are."""
    return ", ".join(first(names, most))


def first(names: Sequence[str], most: int = 3) -> list[str]:
    """Return the first names, of which the last says how many more there are: `c + 12`."""
    *told, last = names[:most] or [""]
    more = len(names) - most
    return [*told, f"{last} + {more}" if more > 0 else last]
