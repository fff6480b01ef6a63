"""Turns comparisons into rows: one finding for each thing that differs, causes before effects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from deployment_drift.compare import ranking
from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.effects import folded
from deployment_drift.compare.finding import Finding, one_row_each, told_once, weighed
from deployment_drift.compare.inventory import Entries, Entry, differing, entries, label, matched
from deployment_drift.compare.meaning import Home, kind_of, meaning
from deployment_drift.records import JSON, Check, Observation, Status, Verdict


def findings(comparisons: Sequence[Comparison], story: Sequence[str] = ()) -> list[Finding]:
    """Return what differs, or could not be asked: a finding a row, what breaks most first.

    story: subjects in the order in which a scene tells them. Single answers then keep that
    order, before what else differs, and are never folded.
    """
    homes = homes_of(comparisons)
    found = [each for made in comparisons for each in expanded(made, homes)]
    rows = folded(told_once(one_row_each(found)), story, running(comparisons))
    return sorted(rows, key=lambda row: _order(row, story))


def _order(row: Finding, story: Sequence[str]) -> tuple[int, ...]:
    subject = row.check.subject
    if story:
        known = story.index(subject) if subject in story else len(story)
        whole = not row.entry
        return row.verdict is Verdict.ALLOWED, not whole, known if whole else row.weight
    forgotten = 0 < len(row.own) < len(row.observations)
    return (
        row.verdict is Verdict.ALLOWED,
        row.weight,
        0 if row.check.entry else 1 + ranking.place(row.check),
        not forgotten,
    )


def running(comparisons: Iterable[Comparison]) -> frozenset[str]:
    """Return the hosts on which any PHP was found."""
    asked = [made.observations.items() for made in comparisons if made.check.name == "runtimes"]
    return frozenset(host for seen in asked for host, o in seen if o.status is Status.VALUE)


# --- which PHP is at home --------------------------------------------------------------------


def homes_of(comparisons: Iterable[Comparison]) -> Mapping[str, Home]:
    """Return how paths read on each host that has one version of PHP, where others have another."""
    versions: dict[str, set[str]] = defaultdict(set)
    for made in comparisons:
        if ranking.PHP_VERSION.fullmatch(made.check.name):
            for host, seen in made.observations.items():
                versions[host] |= set(_versions(seen.value))
    if len(set().union(*versions.values())) < 2:  # noqa: PLR2004 -- nothing to read over
        return {}
    return {host: Home(*own) for host, own in versions.items() if len(own) == 1}


def _versions(value: JSON) -> Iterator[str]:
    values = [each.value for each in (entries(value) or {}).values()] or [value]
    for each in values:
        if ranking.is_version(each):
            yield ".".join(str(each).split(".")[:2])


# --- one finding an entry --------------------------------------------------------------------


def expanded(made: Comparison, homes: Mapping[str, Home]) -> list[Finding]:
    """Return the findings of one comparison: none, itself, or one an entry of its inventory."""
    if made.verdict in (Verdict.PARITY, Verdict.NOT_APPLICABLE):
        return []
    known = {h: seen for h, seen in made.observations.items() if seen.status is not Status.UNKNOWN}
    unasked = [_whole(made)] if len(known) < len(made.observations) else []
    return [*unasked, *_differences(made, known, homes)]


def _whole(made: Comparison, seen: Mapping[str, Observation] | None = None) -> Finding:
    """Return a comparison as one row."""
    observations = seen or made.observations
    allowed = made.verdict is Verdict.ALLOWED
    unknown = any(each.status is Status.UNKNOWN for each in observations.values())
    verdict = Verdict.UNKNOWN if unknown else Verdict.ALLOWED if allowed else Verdict.DRIFT
    row = Finding(made.check, observations, verdict, allowed=made.allowed, expired=made.expired)
    return weighed(row)


def _differences(
    made: Comparison, known: Mapping[str, Observation], homes: Mapping[str, Home]
) -> list[Finding]:
    """Compare the answers of the hosts that gave one, each distinct answer once."""
    groups = [hosts for group in made.groups if (hosts := [h for h in group if h in known])]
    sides = [_Side(hosts, known[hosts[0]], home) for hosts, home in _at_home(groups, homes)]
    if len(sides) < 2:  # noqa: PLR2004 -- the others could not be asked
        return []
    if any(side.entries is None for side in sides):
        return [] if _same_whole(sides, made.check) else [_whole(made, known)]
    return _by_entry(made, sides) or _reordered(made, known, sides)


def _at_home(
    groups: Iterable[list[str]], homes: Mapping[str, Home]
) -> Iterator[tuple[list[str], Home]]:
    """Split hosts that answer alike by the version of PHP that is at home there."""
    for group in groups:
        split: dict[str, list[str]] = {}
        for host in group:
            split.setdefault(homes[host].version if host in homes else "", []).append(host)
        yield from ((hosts, Home(version)) for version, hosts in split.items())


class _Side:
    """Hosts that gave the same answer, and how it reads there."""

    def __init__(self, hosts: list[str], seen: Observation, home: Home) -> None:
        self.hosts, self.seen, self.home = hosts, seen, home
        absent = seen.status is Status.ABSENT
        self.entries: Entries | None = {} if absent else entries(seen.value, home)


def _same_whole(sides: Sequence[_Side], check: Check) -> bool:
    """Whether single values mean the same; one value for several runtimes means each of them."""
    kind = kind_of(check)
    told: set[str] = set()
    for side in sides:
        if side.seen.status is Status.ABSENT:
            return False
        many = side.entries
        values = [each.value for each in many.values()] if many else [side.seen.value]
        told |= {meaning(side.home.value(value), kind) for value in values}
    return len(told) == 1


def _by_entry(made: Comparison, sides: Sequence[_Side]) -> list[Finding]:
    kind = kind_of(made.check)
    found = matched([side.entries or {} for side in sides], kind)
    names = differing(found, kind, [side.home for side in sides])
    rows = []
    for name in names:
        by_side = [(side, listed.get(name)) for side, listed in zip(sides, found, strict=True)]
        rows.append(_row(made, by_side))
    return rows


def _row(made: Comparison, by_side: Sequence[tuple[_Side, Entry | None]]) -> Finding:
    told = next(entry for _, entry in by_side if entry)
    by_host = {host: entry for side, entry in by_side for host in side.hosts}
    ordered = {host: by_host[host] for host in made.observations if host in by_host}
    called = label(told)
    alike = len({side.home.reads(entry.key) for side, entry in by_side if entry}) == 1
    allowed = made.allowed or _accepted(made, called)
    return weighed(
        Finding(
            made.check,
            {host: _seen(entry, "" if alike else told.key) for host, entry in ordered.items()},
            Verdict.ALLOWED if allowed else Verdict.DRIFT,
            entry=called,
            key=told.key,
            at={host: entry.at for host, entry in ordered.items() if entry and entry.at},
            own=frozenset(host for host, entry in ordered.items() if entry and entry.own),
            traced=any(entry.traced for entry in ordered.values() if entry),
            allowed=allowed,
            expired=made.expired,
        )
    )


def _accepted(made: Comparison, called: str) -> str:
    return made.accepted.get(f"{made.check.name}.{called}", "")


def _seen(entry: Entry | None, name: str) -> Observation:
    """Return what one host has of an entry; with its name, where that is another than this one."""
    if entry is None:
        return Observation(Status.ABSENT)
    if name and entry.key != name and isinstance(entry.value, str):
        return Observation(Status.VALUE, f"{entry.key} {entry.value}")
    return Observation(Status.VALUE, entry.value)


def _reordered(
    made: Comparison, known: Mapping[str, Observation], sides: Sequence[_Side]
) -> list[Finding]:
    """Return a list that has the same entries in another order; nothing where paths are all."""
    kind = kind_of(made.check)
    told = {f"{s.seen.status} {meaning(s.home.value(s.seen.value), kind)}" for s in sides}
    return [_whole(made, known)] if len(told) > 1 else []
