"""A report as Markdown, for a comment on a pull request."""

import html
import re

from deployment_drift.compare.comparison import Comparison, Verdict, worst_first
from deployment_drift.events import Report
from deployment_drift.report.cells import cells
from deployment_drift.report.language import Language
from deployment_drift.report.table import FOLD, applicable, heads, sentence, why

MARKS = {Verdict.UNKNOWN: "❓", Verdict.DRIFT: "❌", Verdict.ALLOWED: "🟦", Verdict.PARITY: "✅"}


def markdown(report: Report, language: Language) -> str:
    """Return the verdict and a table of what is not the same; what is beyond a screen is folded."""
    ranked = worst_first(applicable(report), language.subjects)
    rows = [_row(c, language) for c in ranked if c.verdict is not Verdict.PARITY]
    answers = [_text(head) for head, _ in heads(report, language)]
    columns = ["", language.say("table.check"), *answers, language.say("table.why")]
    table = [_line(columns), _line(["---"] * len(columns))]
    shown, folded = rows[:FOLD], rows[FOLD:]
    parts = [f"**{_text(sentence(report, language))}**"]
    if shown:
        parts.append("\n".join([*table, *shown]))
    if folded:
        more = language.say("table.rest", count=len(folded))
        rest = "\n".join([*table, *folded])
        parts.append(f"<details><summary>{more}</summary>\n\n{rest}\n\n</details>")
    return "\n\n".join(parts) + "\n"


def _row(comparison: Comparison, language: Language) -> str:
    values = [_text(cell.plain) for cell in cells(comparison, language)]
    title = _text(language.title(comparison.check))
    return _line(
        [MARKS[comparison.verdict], title, *values, _text(why(comparison, language).plain)]
    )


def _line(columns: list[str]) -> str:
    return f"| {' | '.join(columns)} |"


def _text(text: str) -> str:
    """Escape what Markdown or HTML would obey; a line end becomes a break."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+!|~@:])", r"\\\1", html.escape(text))
    return escaped.replace("\n", "<br>")
