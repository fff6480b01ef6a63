"""The end of a scene: a row a finding, what was left out, and the verdict in one sentence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.text import Text

from deployment_drift.compare.comparison import answer
from deployment_drift.compare.coverage import coverage
from deployment_drift.compare.finding import Finding, odd_ones
from deployment_drift.compare.inventory import first, folded
from deployment_drift.events import Report
from deployment_drift.records import Verdict
from deployment_drift.report.language import Language
from deployment_drift.report.layout import Layout
from deployment_drift.report.rows import (
    COMPARE,
    PAIR,
    chosen,
    found_in,
    heads,
    hosts,
    row,
    title,
    unanswered,
)

ODD = 3  # hosts of a fleet that are told first, and of each what differs there
REASONS = 5  # for which hosts could not be asked
STYLES = {
    Verdict.DRIFT: "bold red",
    Verdict.PARITY: "bold green",
    Verdict.UNKNOWN: "bold yellow",
    Verdict.SHOWN: "bold green",
    Verdict.REFUTED: "bold red",
}
FEWEST = 3  # entries that are one row
GROUPED = 2  # of one group, as a variable that two runtimes lack, are one already
NAMED = 12  # of them; --full names each in a row of its own


def ending(report: Report, language: Language, *, full: bool = False) -> Group:
    """Return the table, what it left out, and the verdict in one sentence."""
    every = found_in(report, language)
    found = every if full else bundled(every)
    shown = chosen(found, report, language, full=full)
    names = hosts(report)
    with_places = full or report.scene == COMPARE
    rows = [row(each, language, full=full, places=with_places) for each in shown]
    table = Layout(heads(names, language), rows, names if len(names) <= PAIR else ())
    drawn: list[RenderableType] = [table, Text()] if rows else []
    notes = [Text(f"   {text}", style) for text, style in remarks(report, found, shown, language)]
    verdict = Text(sentence(report, language), STYLES[report.verdict])
    first = [Text(text, "bold") for text in strange(every, language)] if len(names) > PAIR else []
    return Group(*first, *drawn, *notes, Text(), *one_image(report), verdict)


def one_image(report: Report) -> list[Text]:
    """Return each host's image where a scene has compared them and they are one."""
    same = {made.check.name for made in report.comparisons if made.verdict is Verdict.PARITY}
    if "image" not in same:
        return []
    width = max(len(host.name) for host in report.hosts)
    return [Text(f"   {host.name:{width}}  {host.image}", "green") for host in report.hosts]


def remarks(
    report: Report, found: Sequence[Finding], shown: Sequence[Finding], language: Language
) -> Iterator[tuple[str, str]]:
    """Yield what stands below the table, with its style: what is not in it, and why."""
    seen = set(map(id, shown))
    more = sum(each.verdict is not Verdict.UNKNOWN for each in found if id(each) not in seen)
    if more:
        yield language.say("table.more", count=more), "dim"
    made = counts(report)
    if made[Verdict.PARITY]:
        yield same(made[Verdict.PARITY], len(hosts(report)), language), "dim"
    if made[Verdict.NOT_APPLICABLE]:
        yield language.say("table.not_applicable", count=made[Verdict.NOT_APPLICABLE]), "dim"
    for each in report.unneeded:
        yield language.say("table.unneeded", check=each.check), "yellow"
    yield from _faults(report, language)
    for text in reasons(report, language):
        yield text, "yellow"


def same(count: int, of: int, language: Language) -> str:
    """Return how many questions got the same answer from that many hosts."""
    if of > PAIR:
        return language.say("table.same_everywhere", count=count, hosts=of)
    return language.say("table.same", count=count)


def _faults(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what makes the verdict worth less: names that are wrong, things that are not there."""
    for check, near in report.misspelt:
        likely = f" ({near}?)" if near else ""
        yield language.say("table.misspelt", check=check, likely=likely), "yellow"
    for kind, lacking in report.unfound:
        yield language.say("table.unfound", kind=kind, hosts=lacking), "yellow"


def little(report: Report, language: Language) -> str:
    """Return what was found and what not, where it was little; "" where there was enough."""
    seen = coverage(report.comparisons)
    if not seen.made or not seen.little or report.statements:
        return ""
    return language.say("table.little", applied=seen.applied, made=seen.made, nowhere=seen.nowhere)


def counts(report: Report) -> Counter[Verdict]:
    """Return how many checks came to each verdict."""
    return Counter(made.verdict for made in report.comparisons)


def reasons(report: Report, language: Language) -> Iterator[str]:
    """Yield why hosts could not be asked: each reason with its hosts, the first few of them."""
    hosts: dict[str, list[str]] = {}
    for host, reason in unanswered(report):
        hosts.setdefault(reason, []).append(host)
    told = [f"{', '.join(names)}: {reason}" for reason, names in hosts.items()]
    yield from told[:REASONS]
    if told[REASONS:]:
        silent = list(dict.fromkeys(n for names in [*hosts.values()][REASONS:] for n in names))
        yield language.say("table.unasked", count=len(told[REASONS:]), hosts=silent)


def sentence(report: Report, language: Language) -> str:
    """Return the verdict in one sentence."""
    if report.verdict is Verdict.REFUTED and report.missing:
        titles = {each.check.name: language.title(each.check) for each in report.comparisons}
        names = [titles.get(name, name) for name in report.missing]
        return language.say("verdicts.missing", checks=names)
    made = counts(report)
    asked = [shown.holds for shown in report.statements if shown.holds is not None]
    by_statements = report.verdict in {Verdict.SHOWN, Verdict.REFUTED}
    total = len(asked) if by_statements else made.total() - made[Verdict.NOT_APPLICABLE]
    values = {verdict.name.lower(): made[verdict] for verdict in Verdict} | {"holding": sum(asked)}
    name = _unknown(total, made) if report.verdict is Verdict.UNKNOWN else report.verdict
    said = language.say(f"verdicts.{name}", total=total, **values)
    end = f"ends.{report.scene}"
    shown = report.verdict is report.expects and language.has(end)
    beside = report.verdict is Verdict.DRIFT and made[Verdict.UNKNOWN]
    told = [
        said,
        language.say("verdicts.beside", **values) if beside else "",
        language.say(end) if shown else "",
        *(language.say("table.same_server", host=a, first=b) for a, b in report.same_servers),
        little(report, language),
    ]
    return " ".join(filter(None, told))


def _unknown(total: int, made: Counter[Verdict]) -> str:
    """Return which sentence says why nothing can be said."""
    if not total:
        return "unasked"
    return "unknown" if made[Verdict.UNKNOWN] else "unfound"


def strange(found: Sequence[Finding], language: Language) -> Iterator[str]:
    """Yield which hosts of a fleet differ most from the others, and in what."""
    odd = odd_ones(found)
    for each in odd[:ODD]:
        names = first(list(dict.fromkeys(title(row, language) for row in each.findings)), ODD)
        count = len(each.findings)
        yield language.say("table.odd", host=each.host, count=count, names=names)
    if odd[ODD:]:
        hosts = first([each.host for each in odd[ODD:]], REASONS)
        yield language.say("table.odd_too", hosts=hosts)


def bundled(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings in their order, those that differ alike where the first of them was."""
    alike: dict[object, list[Finding]] = {}
    for finding in found:
        alike.setdefault(_way(finding), []).append(finding)
    return [row for rows in alike.values() for row in (_one(rows) if _many(rows) else rows)]


def _way(finding: Finding) -> object:
    """Return what entries have in common that differ alike; itself, where it stands for itself."""
    if not finding.key or finding.at or finding.effects:
        return id(finding)
    seen = finding.observations.items()
    answers = tuple((host, answer(each)) for host, each in seen)
    return finding.check.name, _group(finding), finding.verdict, finding.allowed, answers


def _group(finding: Finding) -> str:
    return finding.entry.removesuffix(finding.key)


def _many(rows: Sequence[Finding]) -> bool:
    return len(rows) >= (GROUPED if _group(rows[0]) else FEWEST)


def _one(rows: Sequence[Finding]) -> list[Finding]:
    names = folded([row.key for row in rows], NAMED)
    return [replace(rows[0], entry=f"{_group(rows[0])}{names}")]
