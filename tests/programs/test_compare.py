"""Hosts that somebody else started, on shells of this machine."""

from pathlib import Path

import pytest

from deployment_drift.compare import project
from deployment_drift.compare.comparison import Verdict
from deployment_drift.compare.findings import findings
from deployment_drift.errors import DriftError
from deployment_drift.events import Report
from deployment_drift.records import Status
from deployment_drift.run import play
from deployment_drift.scenes import compare
from tests.fakes import Reply, serve

SAME = 'def test_kernel(same):\n    """Kernel: w."""\n    assert same(lambda host: "6")\n'
OTHER = (
    'def test_shell(same):\n    """Shell: w."""\n'
    '    assert same(lambda host: host.check_output("echo $PPID"))\n'
)


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    """Give a folder of two checks: one that is the same everywhere, one that never is."""
    (tmp_path / "test_of_this_folder.py").write_text(f"{SAME}\n\n{OTHER}")
    return tmp_path


def report_on(*hosts: str, checks: Path, allowed: Path | None = None) -> Report:
    """Compare hosts by the checks of a folder."""
    return play(compare.of(hosts, allowed, checks))


def test_comparison_is_reported(checks: Path) -> None:
    """Two hosts are compared by the checks of a folder, and the report says who they were."""
    report = report_on("local://", "local://", checks=checks)
    assert (report.verdict, report.status) == (Verdict.DRIFT, 1)
    assert [host.name for host in report.hosts] == ["local", "release"]


def test_bad_address_is_an_error_before_anybody_is_asked(checks: Path) -> None:
    """A typo in a scheme is named with the likely one, and nothing is compared."""
    with pytest.raises(DriftError, match="dokcer://web") as raised:
        report_on("local://", "dokcer://web", checks=checks)
    assert "docker" in raised.value.hint


def test_unreachable_host_is_unknown(checks: Path) -> None:
    """A name that does not resolve makes everything unknown, with the reason."""
    report = report_on("local://", "ssh://no-such-host.invalid", checks=checks)
    assert (report.verdict, report.status) == (Verdict.UNKNOWN, 2)
    assert all(
        "no-such-host.invalid" in c.observations["release"].reason for c in report.comparisons
    )


def test_broken_check_is_an_error(tmp_path: Path) -> None:
    """A file of checks that cannot be read is an error that shows why."""
    (tmp_path / "test_unreadable.py").write_text("import no_such_module\n")
    with pytest.raises(DriftError) as raised:
        report_on("local://", "local://", checks=tmp_path)
    assert "no_such_module" in raised.value.detail


def test_check_that_compares_nothing_is_an_error(tmp_path: Path) -> None:
    """A check that fails before it compares does not disappear from the report."""
    (tmp_path / "test_faulty.py").write_text("def test_x(same):\n    raise ValueError('oops')\n")
    with pytest.raises(DriftError) as raised:
        report_on("local://", "local://", checks=tmp_path)
    assert "oops" in raised.value.detail


@pytest.mark.usefixtures("short_program")
def test_remembering_writes_a_snapshot(checks: Path, tmp_path: Path) -> None:
    """What a host is can be written down and compared with it later."""
    path = tmp_path / "then.json"
    taken = compare.remember("local://", path, checks)
    assert {seen.status for seen in taken.observations.values()} == {Status.VALUE}
    report = report_on(str(path), "local://", checks=checks)
    verdicts = {c.check.name: c.verdict for c in report.comparisons}
    assert verdicts == {"kernel": Verdict.PARITY, "shell": Verdict.DRIFT}


def test_unneeded_allowance_is_told(checks: Path, tmp_path: Path) -> None:
    """What is allowed and does not differ between these hosts is in the report; the rest is not."""
    allowed = tmp_path / "allowed.toml"
    entry = '[[allowed]]\ncheck = "{}"\nreason = "r"\nexpires = 2099-01-01\n'
    allowed.write_text(entry.format("kernel") + entry.format("shell"))
    report = report_on("local://", "local://", checks=checks, allowed=allowed)
    assert (report.verdict, report.status) == (Verdict.PARITY, 0)
    assert [each.check for each in report.unneeded] == ["kernel"]


PAGES = """
checks = "."
[[pages]]
path = "http://{}/health"
body = 'version (\\d+)'
expect = {{ status = 200 }}
[[allowed]]
check = "page_*.body"
reason = "it is rolled out tonight"
expires = 2099-01-01
"""


@pytest.mark.usefixtures("short_program")
def test_pages_of_a_project_are_compared(checks: Path, tmp_path: Path) -> None:
    """A page has a row for what differs, also from a snapshot, and answers what is expected."""
    (checks / "test_of_this_folder.py").write_text(SAME)
    file, then = tmp_path / "drift.toml", str(tmp_path / "then.json")
    with serve({"GET /health": Reply("version 1")}) as at:
        file.write_text(PAGES.format(at))
        said = project.read(file)
        compare.remember("local://", Path(then), checks, said)
    again = play(compare.of([then, then], None, checks, said=said))
    assert (again.verdict, again.unfound) == (Verdict.PARITY, ())
    with serve({"GET /health": Reply("version 2", 500)}, port=int(at.partition(":")[2])) as at:
        report = play(compare.of([then, "local://"], file, checks, said=said))
    (made,) = (each for each in report.comparisons if each.check.case)
    assert made.check.test == "page"  # by this name its title is translated
    assert repr(made).startswith(f"Page http://{at}/health: 2 different (body, status")
    assert report.unfound == ((f"status 200 of http://{at}/health", ("release",)),)
    assert report.misspelt == ()
    assert [(row.entry, row.verdict) for row in findings(report.comparisons) if row.key] == [
        ("status", Verdict.DRIFT),
        ("body", Verdict.ALLOWED),
    ]
    file.write_text(PAGES.replace("version", "release").format(at))
    missed = play(compare.of([then, then], None, checks, said=project.read(file))).comparisons[-1]
    assert "was taken without this check" in repr(missed)


def test_pages_that_settings_leave_out_are_an_error(checks: Path, tmp_path: Path) -> None:
    """Where a folder's own settings of pytest collect no page, nothing is said to be the same."""
    (checks / "test_of_this_folder.py").write_text(SAME)
    (checks / "pytest.ini").write_text("[pytest]\npython_functions = test_kernel\n")
    file = tmp_path / "drift.toml"
    file.write_text(PAGES.format("127.0.0.1:9") + "[[pages]]\npath = '/other'\n")
    asked = compare.of(["local://", "local://"], None, checks, said=project.read(file))
    with pytest.raises(DriftError) as error:
        play(asked)
    assert "pages that were not asked: /other, http://127.0.0.1:9/health" in error.value.detail


def test_allowed_differences_are_read_before_anybody_is_asked(tmp_path: Path) -> None:
    """A file of allowed differences with a fault in it is an error at once."""
    file = tmp_path / "allowed.toml"
    file.write_text("allow = 1\n")
    with pytest.raises(DriftError, match="unknown key"):
        compare.of(["local://", "local://"], file)


@pytest.mark.parametrize("folder", ["none", "x" * 5000, "test_of_this_folder.txt"])
def test_a_folder_without_checks_is_an_error(checks: Path, folder: str) -> None:
    """What holds no checks is refused before any host is asked."""
    (checks / "test_of_this_folder.txt").write_text("x")
    with pytest.raises(DriftError, match="is no folder of checks"):
        compare.of(["local://", "local://"], folder=checks / folder)
    assert compare.of(["local://", "local://"], folder=checks / "test_of_this_folder.py")
