"""A report as JUnit XML, for CI systems."""

from xml.etree import ElementTree as ET

from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.events import Report
from deployment_drift.values import told

KINDS = {Verdict.DRIFT: "failure", Verdict.UNKNOWN: "error"}


def junit(report: Report) -> str:
    """Return one test case a check: drift is a failure, unknown an error; allowed passes."""
    report = told(report)
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
