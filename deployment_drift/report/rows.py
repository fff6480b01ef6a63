"""Turns findings into rows: what it is called, what each host answered, why it matters."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from deployment_drift.compare.comparison import Comparison, answer, groups
from deployment_drift.compare.finding import Finding
from deployment_drift.compare.findings import findings
from deployment_drift.compare.inventory import folded
from deployment_drift.compare.meaning import is_item
from deployment_drift.events import Report
from deployment_drift.records import JSON, Observation, Status, Verdict
from deployment_drift.report.language import Language
from deployment_drift.report.layout import Line, Row
from deployment_drift.values import plain

MARKS = {
    Verdict.UNKNOWN: ("?", "yellow"),
    Verdict.DRIFT: ("✗", "red"),
    Verdict.ALLOWED: ("~", "cyan"),
    Verdict.PARITY: ("✓", "green"),
    Verdict.NOT_APPLICABLE: ("-", "dim"),
}
TOLD = (Verdict.UNKNOWN, Verdict.DRIFT, Verdict.ALLOWED)
"""What is told wherever parity is only counted."""
COMPARE = "compare"  # the scene that has no story: there what breaks most comes first
PAIR = 2  # hosts that get a column each; more are a fleet
FOLD = 14  # rows that an audience can take in
SAMPLE = 7  # rows that show what is the same, where all is well
CELL = 160  # characters of a value that are shown; the JSON document has them all
FEW = 5  # hosts of a group, or entries of a list, that are named


def hosts(report: Report) -> list[str]:
    """Return the names of those that were compared, the reference first."""
    return list(report.comparisons[0].observations) if report.comparisons else []


def heads(names: Sequence[str], language: Language) -> list[str]:
    """Return the heads of the columns; a pair has one for each host, a fleet one for all."""
    fleet = [language.say("table.answers", count=len(names))]
    answers = fleet if len(names) > PAIR else names
    return [language.say("table.check"), *answers, language.say("table.why")]


def row(finding: Finding, language: Language, *, full: bool = False, places: bool = True) -> Row:
    """Return a finding as a row; `full` names every host and the check, and cuts no value.

    places: whether to say where the answers were set, of which an audience needs nothing.
    """
    cells = tuple(tuple(cell) for cell in _cells(finding, language, full=full))
    below = tuple(_below(finding, language, full=full))
    return Row(
        Line(*MARKS[finding.verdict]),
        title(finding, language),
        cells,
        _why(finding, language),
        below,
        tuple(_places(finding)) if places else (),
    )


def title(finding: Finding, language: Language) -> str:
    """Return what a row is about: the check's title, and the name that one can look up."""
    name, entry = language.title(finding.check), finding.entry or finding.fact
    return language.say("table.entry", title=name, entry=entry) if entry else name


def _why(finding: Finding, language: Language) -> tuple[Line, ...]:
    lines = [Line(language.why(finding.check))]
    if finding.allowed:
        reason = language.reason(finding.allowed)
        lines.append(Line(language.say("table.allowed", reason=reason), "cyan"))
    if finding.expired:
        lines.append(Line(language.say("table.expired", note=finding.expired), "red"))
    return tuple(lines)


def _below(finding: Finding, language: Language, *, full: bool) -> Iterator[Line]:
    if full and finding.verdict in TOLD:
        yield Line(finding.name, "dim")  # which an allowance needs
    if finding.effects:
        yield Line(language.say("table.effects", count=len(finding.effects)), "dim")


def _places(finding: Finding) -> Iterator[str]:
    """Yield where it was set: each place once, with the host where others have none."""
    at = {h: place for h, place in finding.at.items() if place and not _names(finding, place)}
    if len(set(at.values())) == 1 and len(at) == len(finding.observations):
        yield next(iter(at.values()))
    elif len(at) == len(finding.observations) <= PAIR:
        yield from at.values()
    else:
        yield from (f"{host}: {place}" for host, place in list(at.items())[:PAIR])


def _names(finding: Finding, place: str) -> bool:
    """Whether a row's name tells the file already."""
    file, _, line = place.rpartition(":")
    return (file if line.isdecimal() else place) in finding.entry


def _cells(finding: Finding, language: Language, *, full: bool) -> Iterator[Iterator[Line]]:
    seen = finding.observations
    if len(seen) > PAIR:
        yield _crowd(finding, language, full=full)
        return
    reference = next(iter(seen.values()))
    for each in seen.values():
        differs = finding.verdict in TOLD and answer(each) != answer(reference)
        yield iter([_cell(each, language, "red" if differs else "", full=full)])


def _cell(seen: Observation, language: Language, style: str, *, full: bool) -> Line:
    return Line(said(seen, language, full=full), style if seen.status is Status.VALUE else "yellow")


def _crowd(finding: Finding, language: Language, *, full: bool) -> Iterator[Line]:
    """Yield a fleet's answers: how many gave the most common one, and who gave another."""
    usual, *others = groups(Comparison(finding.check, finding.observations))
    seen, total = finding.observations, len(finding.observations)
    value = said(seen[usual[0]], language, full=full)
    yield Line(language.say("table.most", count=len(usual), total=total, value=value))
    for group in others:
        hosts = folded(group, most=total if full else FEW)
        yield Line(f"{hosts}: {said(seen[group[0]], language, full=full)}", "red")


def said(seen: Observation, language: Language, *, full: bool = False) -> str:
    """Return what one host answered, cut where it is long unless all is asked for."""
    if seen.status is not Status.VALUE:
        return language.say(f"table.{seen.status}")
    if isinstance(seen.value, dict) or (isinstance(seen.value, list) and len(seen.value) > FEW):
        return language.say("table.entries", count=_count(seen.value))
    return _short(seen.value, full=full)


def _count(value: JSON) -> int:
    """Return how many entries a list has, those of its groups together."""
    if not isinstance(value, dict) or not any(isinstance(each, dict) for each in value.values()):
        return len(value) if isinstance(value, dict | list) else 1
    return sum(1 if is_item(each) else _count(each) for each in value.values())


def _short(value: JSON, *, full: bool) -> str:
    text = plain(value)
    return text if full or len(text) <= CELL else f"{text[: CELL - 1]}…"


def unanswered(report: Report) -> list[tuple[str, str]]:
    """Return the hosts that could not be asked something, each with each reason once."""
    seen = [each for made in report.comparisons for each in made.observations.items()]
    return list(dict.fromkeys((host, each.reason) for host, each in seen if each.reason))


def chosen(
    found: Sequence[Finding], report: Report, language: Language, *, full: bool
) -> list[Finding]:
    """Return what is shown: everything or, where all is well, some of what is the same."""
    if full:
        differ = [row for cause in found for row in (cause, *cause.effects)]
        others = (Verdict.PARITY, Verdict.NOT_APPLICABLE)
        return [*differ, *(row for verdict in others for row in _plainly(report, verdict))]
    if any(each.verdict is not Verdict.ALLOWED for each in found):
        return list(found[:FOLD])
    same = sorted(_plainly(report, Verdict.PARITY), key=lambda row: _place(row, language))
    return [*same[: max(SAMPLE - len(found), 1)], *found][:FOLD]


def found_in(report: Report, language: Language) -> list[Finding]:
    """Return what differs; a scene tells it in the order of its story."""
    return list(_found(report, () if report.scene == COMPARE else tuple(language.subjects)))


@lru_cache(maxsize=1)  # several outputs tell one report
def _found(report: Report, story: tuple[str, ...]) -> list[Finding]:
    return findings(report.comparisons, story)


def _plainly(report: Report, verdict: Verdict) -> list[Finding]:
    made = (each for each in report.comparisons if each.verdict is verdict)
    return [Finding(each.check, each.observations, verdict) for each in made]


def _place(row: Finding, language: Language) -> int:
    """Return where the subject of a row stands in the story."""
    subjects = [*language.subjects, row.check.subject]
    return subjects.index(row.check.subject)
