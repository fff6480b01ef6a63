"""The table at the end of a scene: check, local, release, why it matters; worst first."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from deployment_drift.compare.comparison import Comparison, Verdict, worst_first
from deployment_drift.events import Report
from deployment_drift.report.cells import cells
from deployment_drift.report.language import Language
from deployment_drift.values import harmless

MARKS = {
    Verdict.UNKNOWN: ("?", "yellow"),
    Verdict.DRIFT: ("✗", "red"),
    Verdict.ALLOWED: ("~", "cyan"),
    Verdict.PARITY: ("✓", "green"),
}
PAIR = 2  # hosts that get a column each; more are a fleet
FOLD = 14  # rows that an audience can take in
SHARE = 3  # rows of one subject among them, as long as there are others
REASONS = 5  # of hosts that could not be asked
STYLES = {
    Verdict.DRIFT: "bold red",
    Verdict.PARITY: "bold green",
    Verdict.UNKNOWN: "bold yellow",
    Verdict.SHOWN: "bold green",
    Verdict.REFUTED: "bold red",
}


def table(report: Report, language: Language, *, full: bool = False) -> Table:
    """Return the comparisons as a table: the worst ones or, with `full`, every one."""
    grid = Table(box=box.SIMPLE_HEAD, expand=True, padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(language.say("table.check"), ratio=5, style="bold", overflow="fold")
    for head, ratio in heads(report, language):
        grid.add_column(head, ratio=ratio, overflow="fold")
    grid.add_column(language.say("table.why"), ratio=7, overflow="fold")
    for comparison in rows(report, language, full=full):
        mark, style = MARKS[comparison.verdict]
        title = Text(harmless(language.title(comparison.check)))
        row = (title, *cells(comparison, language, full=full), why(comparison, language))
        grid.add_row(Text(mark, style), *row)
    return grid


def heads(report: Report, language: Language) -> list[tuple[str, int]]:
    """Return the heads of the columns for answers, with their shares: a host each, or a fleet's."""
    if len(report.hosts) > PAIR:
        return [(language.say("table.answers", count=len(report.hosts)), 8)]
    return [(harmless(host.name), 4) for host in report.hosts]


def why(comparison: Comparison, language: Language) -> Text:
    """Return why a check matters, and for what reason somebody accepts its drift, or did."""
    text = Text(harmless(language.why(comparison.check)))
    if comparison.allowed:
        text.append(f"\n{language.say('table.allowed', reason=comparison.allowed)}", "cyan")
    if comparison.expired:
        text.append(f"\n{language.say('table.expired', note=comparison.expired)}", "red")
    return text


def rows(report: Report, language: Language, *, full: bool) -> list[Comparison]:
    """Choose the rows: all, or the worst that differ, or, in parity, the worst that could."""
    ranked = worst_first(applicable(report), language.subjects)
    if full or len(ranked) <= FOLD:
        return ranked
    shown: list[Comparison] = []
    left: list[Comparison] = []
    for verdict, group in groupby(ranked, key=lambda made: made.verdict):
        for place, made in shares(list(group)):
            (shown if place < SHARE and verdict is not Verdict.PARITY else left).append(made)
    return worst_first([*shown, *left][:FOLD], language.subjects)


def applicable(report: Report) -> list[Comparison]:
    """Return the comparisons of what is on any host at all."""
    return [made for made in report.comparisons if made.verdict is not Verdict.NOT_APPLICABLE]


def shares(ranked: Sequence[Comparison]) -> Iterator[tuple[int, Comparison]]:
    """Yield each comparison with its place, from 0, among those of its subject."""
    for _, group in groupby(ranked, key=lambda made: made.check.subject):
        yield from enumerate(group)


def summary(report: Report, language: Language, *, full: bool = False) -> Group:
    """Return what the table left out, and the verdict in one sentence."""
    verdicts = [comparison.verdict for comparison in applicable(report)]
    same = verdicts.count(Verdict.PARITY)
    folded = len(verdicts) - same - FOLD
    lines = [Text(language.say("table.same", count=same), "dim")] if verdicts else []
    if folded > 0 and not full:
        lines.insert(0, Text(language.say("table.more", count=folded), "dim"))
    lines += [Text(language.say("table.idle", check=each.check), "yellow") for each in report.idle]
    lines += [Text(reason, "yellow") for reason in reasons(report)]
    return Group(*lines, Text(), Text(sentence(report, language), STYLES[report.verdict]))


def sentence(report: Report, language: Language) -> str:
    """Return the verdict in one sentence."""
    made = [comparison.verdict for comparison in applicable(report)]
    counts = {str(verdict): made.count(verdict) for verdict in Verdict}
    asked = [shown.holds for shown in report.statements if shown.holds is not None]
    by_statements = report.verdict in {Verdict.SHOWN, Verdict.REFUTED}
    total = len(asked) if by_statements else len(made)
    counts |= {"holding": sum(asked)}
    said = language.say(f"verdicts.{report.verdict}", total=total, **counts)
    end = f"ends.{report.scene}"
    shown = report.verdict is report.expects and language.has(end)
    return f"{said} {language.say(end)}" if shown else said


def reasons(report: Report) -> list[str]:
    """Return why hosts could not be asked, each host and reason once, the first few."""
    seen = [each for made in report.comparisons for each in made.observations.items()]
    unknown = [f"{host}: {harmless(each.reason)}" for host, each in seen if each.reason]
    return list(dict.fromkeys(unknown))[:REASONS]
