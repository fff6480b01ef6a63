"""The checks of this project, asked for a scene."""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift import paths
from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.compare.project import Project
from deployment_drift.errors import DriftError
from deployment_drift.probe import connections, snapshot
from deployment_drift.probe.collect import Answer, Section
from deployment_drift.probe.questions import Questions, WebPage
from deployment_drift.probe.snapshot import Snapshot
from deployment_drift.records import Check

PAIR = ["local://", "local://"]


@pytest.mark.parametrize(
    "body",
    [
        "assert same(lambda _: '6.1') and False",  # fails although all is the same
        "same(lambda host: id(host))",  # passes although it differs
        "assert True",  # asks nothing
        "assert False",
    ],
)
def test_no_check_of_ours_passes_unearned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """A check of this project that does not come to what it compared ends the comparison."""
    (tmp_path / "test_ours.py").write_text(f'def test_kernel(same):\n    """K: w."""\n    {body}\n')
    monkeypatch.setattr(paths, "checks", lambda: tmp_path)
    checks.modules.cache_clear()
    try:
        with pytest.raises(DriftError, match="the check kernel is broken"):
            checks.run(PAIR, lambda _: None)
    finally:
        checks.modules.cache_clear()


def test_without_assertions_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -O` leaves out what checks are made of: that is said, and nothing is compared."""
    monkeypatch.setattr(sys, "flags", SimpleNamespace(optimize=1, warn_default_encoding=0))
    told = "Python leaves out assertions here (-O or PYTHONOPTIMIZE), and checks are made of them"
    with pytest.raises(DriftError) as raised:
        checks.run(PAIR, lambda _: None)
    assert raised.value.what == told
    assert raised.value.hint == "unset PYTHONOPTIMIZE"


def test_two_addresses_of_one_server_are_told() -> None:
    """A server is the same as itself, which is no parity of two: that is said."""
    made: list[Comparison] = []
    (found,) = checks.run(PAIR, made.append).items()
    assert found == tuple(reversed([*made[0].observations]))


def test_own_checks_are_all_complete() -> None:
    """Each check of this project has a title, a reason, and asserts exactly one comparison."""
    for file in sorted(paths.checks().glob("test_*.py")):
        for test in ast.parse(file.read_text()).body:
            if isinstance(test, ast.FunctionDef):
                title, _, why = (ast.get_docstring(test) or "").partition(": ")
                asserted = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
                assert title, test.name
                assert why.endswith("."), test.name
                assert [ast.unparse(each)[:5] for each in asserted] == ["same("], test.name


OURS = '''
from deployment_drift import entry

CACHE = "/srv/cache/"


@entry("every_setting.a")
def test_kernel(same):
    """Kernel: it is the host's: w."""
    assert same(lambda host: host.facts.line("kernel"))


def test_files(same):
    """Files: w."""
    assert same(lambda host: ["/srv/kept", CACHE + host.facts.line("kernel")])


def test_page(same, drift_page: object):
    """Page: w."""
    assert same(lambda host: drift_page.path)
'''
PAGES = (WebPage("/health"), WebPage("/up"))


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Take a file of a temporary folder for the checks of this project."""
    (tmp_path / "test_ours.py").write_text(OURS)
    monkeypatch.setattr(paths, "checks", lambda: tmp_path)
    checks.modules.cache_clear()
    yield tmp_path
    checks.modules.cache_clear()


@pytest.fixture
def pair(tmp_path: Path) -> list[str]:
    """Give the snapshots of two hosts that have another kernel."""
    files = [str(tmp_path / name) for name in ("local.json", "release.json")]
    for file, kernel in zip(files, ("6.1", "6.12"), strict=True):
        sections = {"kernel": Section(Answer.ANSWERED, f"{kernel}\n")}
        taken = datetime(2026, 1, 1, tzinfo=UTC)
        snapshot.write(Path(file), Snapshot(f"ssh://{kernel}", taken, {}, sections, "key"))
    return files


@pytest.mark.usefixtures("ours")
def test_checks_are_read_off_their_functions() -> None:
    """A check has its file's subject, its title, why it matters, and one case for each page."""
    found = list(checks.own(PAGES))
    assert [check for check, _ in found] == [
        Check("kernel", "ours", "Kernel", "it is the host's: w.", "every_setting.a"),
        Check("files", "ours", "Files", "w."),
        Check("page_health", "ours", "Page", "w.", test="page", case="/health"),
        Check("page_up", "ours", "Page", "w.", test="page", case="/up"),
    ]
    asked: list[object] = []
    for _, test in found[2:]:
        test(lambda question: asked.append(question(None)) or True)  # type: ignore[arg-type,func-returns-value,return-value]
    assert asked == ["/health", "/up"]


@pytest.mark.usefixtures("ours")
def test_our_checks_are_compared(pair: list[str]) -> None:
    """Without a word of the project, whatever differs is a drift."""
    assert compared(pair) == {"kernel": Verdict.DRIFT, "files": Verdict.DRIFT}


@pytest.mark.usefixtures("ours")
def test_what_a_project_allows_and_ignores_is_no_drift(pair: list[str], tmp_path: Path) -> None:
    """What is accepted is allowed, and paths that are left out differ nowhere."""
    file = tmp_path / "allowed.toml"
    file.write_text('[[allowed]]\ncheck = "kernel"\nreason = "r"\nexpires = 2099-01-01\n')
    said = Project(ignore=("/srv/cache/*",))
    heard: list[Comparison] = []
    checks.run(pair, heard.append, allowed=file, said=said)
    assert [each.verdict for each in heard] == [Verdict.ALLOWED, Verdict.PARITY]
    assert heard[1].observations["release"].value == ["/srv/kept"]


def compared(pair: list[str], **given: Any) -> dict[str, Verdict]:  # noqa: ANN401 -- of `run`
    """Return the verdicts of this project's checks on two hosts."""
    heard: list[Comparison] = []
    checks.run(pair, heard.append, **given)
    return {each.check.name: each.verdict for each in heard}


@pytest.mark.usefixtures("ours")
def test_a_snapshot_is_of_the_first_host(pair: list[str], tmp_path: Path) -> None:
    """What is written down while two hosts are compared is what the first of them is."""
    path = tmp_path / "now.json"
    checks.run(pair, lambda _: None, snapshot=path, said=Project(pages=PAGES))
    taken = snapshot.read(path)
    assert list(taken.observations) == ["kernel", "files"]  # a page's answer is in the sections
    assert taken.taken.microsecond == 0
    assert (taken.address, taken.sections["kernel"].text, taken.secret) == (pair[0], "6.1\n", "key")
    assert taken.observations["kernel"].value == "6.1"


@pytest.mark.usefixtures("ours")
def test_hosts_are_asked_what_the_project_says(
    pair: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders, names of secrets and the key of a snapshot reach hosts before the checks do."""
    wanted: list[Questions | None] = []

    def opening(addresses: list[str], asked: Questions | None = None) -> Any:  # noqa: ANN401
        wanted.append(asked)
        return connections.opening(addresses, asked)

    monkeypatch.setattr(checks, "opening", opening)
    compared(pair, said=Project(applications=("/srv/app",), secrets=("My.Key",)))
    (asked,) = wanted
    assert asked
    assert (asked.folders, asked.secrets, asked.secret) == (("/srv/app",), ("my[.]key",), "key")
