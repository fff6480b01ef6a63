"""A report in the forms of others: JUnit XML for CI systems, Markdown for a pull request."""

import html
import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.events import Report
from deployment_drift.report.language import Language
from deployment_drift.report.layout import Line, Row
from deployment_drift.report.rows import FOLD, found_in, heads, hosts, row
from deployment_drift.report.table import bundled, remarks, sentence
from deployment_drift.values import sanitized

KINDS = {Verdict.DRIFT: "failure", Verdict.UNKNOWN: "error"}
MARKS = {"?": "❓", "✗": "❌", "~": "🟦"}


def junit(report: Report) -> str:
    """Return one test case a check: drift is a failure, unknown an error; allowed passes."""
    report = sanitized(report)
    verdicts = [comparison.verdict for comparison in report.comparisons]
    counts = {f"{kind}s": str(verdicts.count(verdict)) for verdict, kind in KINDS.items()}
    suite = ET.Element("testsuite", {"name": report.scene, "tests": str(len(verdicts)), **counts})
    suite.extend(_case(comparison) for comparison in report.comparisons)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _case(comparison: Comparison) -> ET.Element:
    case = ET.Element("testcase", classname=comparison.check.subject, name=comparison.check.name)
    kind = KINDS.get(comparison.verdict)
    if kind:
        message = repr(comparison)
        ET.SubElement(case, kind, message=message).text = comparison.check.why
    if comparison.allowed:
        ET.SubElement(case, "system-out").text = f"allowed: {comparison.allowed}"
    return case


def markdown(report: Report, language: Language) -> str:
    """Return the verdict and a table of what is not the same; what is beyond a screen is folded."""
    report = sanitized(report)
    found = bundled(found_in(report, language))
    rows = [_row(row(each, language)) for each in found]
    columns = ["", *(_text(head) for head in heads(hosts(report), language))]
    table = [_line(columns), _line(["---"] * len(columns))]
    parts = [f"**{_text(sentence(report, language))}**"]
    if rows:
        parts.append("\n".join([*table, *rows[:FOLD]]))
    if rows[FOLD:]:
        more = _text(language.say("table.rest", count=len(rows[FOLD:])))
        rest = "\n".join([*table, *rows[FOLD:]])
        parts.append(f"<details><summary>{more}</summary>\n\n{rest}\n\n</details>")
    parts += [_text(text) for text, _ in remarks(report, found, found, language)]
    return "\n\n".join(parts) + "\n"


def _row(made: Row) -> str:
    cells = (_cell(cell) for cell in made.cells)
    return _line(
        [
            MARKS[made.mark.text],
            _text(made.name),
            *cells,
            _cell([*made.why, *made.below, *map(Line, made.places)]),
        ]
    )


def _cell(lines: Sequence[Line]) -> str:
    return "<br>".join(_text(line.text) for line in lines)


def _line(columns: list[str]) -> str:
    return f"| {' | '.join(columns)} |"


def _text(text: str) -> str:
    """Escape what Markdown or HTML would obey, or make a link of."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+!|~@:])", r"\\\1", html.escape(text))
    return re.sub(r"(?i)\b(www)\.", r"\1\\.", escaped)
