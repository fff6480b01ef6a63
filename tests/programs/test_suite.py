"""pytest, run on a project's own checks."""

import re
from pathlib import Path

import pytest

from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.errors import DriftError
from deployment_drift.probe.questions import Expression

CHECK = 'def test_kernel(same):\n    """Kernel: w."""\n    assert same(lambda host: {})\n'
PAIR = ["local://", "local://"]


def made(folder: Path) -> list[Comparison]:
    """Run the checks of a folder on two shells of this machine."""
    heard: list[Comparison] = []
    checks.run(PAIR, heard.append, folder=folder)
    return heard


def test_comparisons_are_heard_as_they_are_made(tmp_path: Path) -> None:
    """Each comparison is handed on, with the check's name and file."""
    (tmp_path / "test_heard.py").write_text(CHECK.format('"6.1"'))
    (comparison,) = made(tmp_path)
    assert (comparison.check.name, comparison.check.subject) == ("kernel", "heard")
    assert comparison.verdict is Verdict.PARITY


def test_a_failure_beside_a_parity_is_a_fault(tmp_path: Path) -> None:
    """A check whose comparison holds and that fails nonetheless is broken, and says why."""
    check = CHECK.format('"6.1"') + '    assert 1 == 2, "one is not two"\n'
    (tmp_path / "test_beside.py").write_text(check)
    with pytest.raises(DriftError) as raised:
        made(tmp_path)
    assert "one is not two" in raised.value.detail


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("README", "", "^there is no check in it$"),
        ("test_x.py", "def test_x(same:", "test_x.py: .* SyntaxError: '\\(' was never closed"),
        ("test_x.py", "import nothing_here", "No module named 'nothing_here'"),
        ("test_x.py", "raise SystemExit(1)", "SystemExit: 1"),
        ("test_x.py", "def test_x(sam): ...", "test_x: fixture 'sam' not found"),
        ("test_x.py", "def test_x(same): print(object() + 1)", "line 1: TypeError: unsupported"),
        (
            "test_x.py",
            "def test_x(same): raise ValueError(same)",
            "<function same.<locals>.compare>",
        ),
        ("conftest.py", "raise SystemExit(1)", r"conftest.py ends the process: SystemExit\(1\)"),
        ("conftest.py", "raise ValueError('why')", "ValueError: why"),
        ("conftest.py", "def pytest_configure(): raise ValueError('why')", "^ValueError: why$"),
        ("conftest.py", "import pytest\ndef pytest_sessionstart(): pytest.exit('why')", "why"),
        ("pytest.ini", "[pytest]\naddopts = --nonsense", "unrecognized arguments: --nonsense"),
    ],
)
def test_whatever_is_broken_is_one_sentence(
    tmp_path: Path, file: str, text: str, told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing compared is no parity and no drift: it is an error with a reason and a command."""
    (tmp_path / file).write_text(text)
    with pytest.raises(DriftError) as raised:
        made(tmp_path)
    assert re.search(told, raised.value.detail)
    assert raised.value.hint.startswith("pytest ")
    assert " at 0x" not in raised.value.detail
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("option", ["--local", "--release"])
def test_own_options_of_a_project_stay(tmp_path: Path, option: str) -> None:
    """A project whose conftest.py has a `--local` or so of its own is compared all the same."""
    adding = f"def pytest_addoption(parser):\n    parser.addoption('{option}')\n"
    (tmp_path / "conftest.py").write_text(adding)
    (tmp_path / "test_x.py").write_text(CHECK.format("1"))
    assert [each.verdict for each in made(tmp_path)] == [Verdict.PARITY]


def test_what_a_project_says_beside_it_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What a project's own plugins write to standard error reaches people as it is written."""
    says = "import sys\ndef pytest_unconfigure(): sys.stderr.write('  noted\\n')\n"
    (tmp_path / "conftest.py").write_text(says)
    (tmp_path / "test_x.py").write_text(CHECK.format("1"))
    assert [each.verdict for each in made(tmp_path)] == [Verdict.PARITY]
    assert capfd.readouterr().err == "  noted\n"


USUAL = "-ra -v -q --tb=short --durations=3 --color=yes --ff --log-level=INFO --strict-config"
PROJECT = (
    f"[pytest]\naddopts = {USUAL}\nlog_cli = true\ncache_dir = kept\nconsole_output_style = count\n"
)


@pytest.mark.parametrize("asked", ["", USUAL])
def test_what_a_project_likes_to_read_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], asked: str
) -> None:
    """Options of pytest's own report, a project's or a user's, neither fail nor print nor write."""
    (tmp_path / "pytest.ini").write_text(PROJECT)
    (tmp_path / "test_x.py").write_text(
        "import logging\n" + CHECK.format("logging.error('x') or 1")
    )
    monkeypatch.setenv("PYTEST_ADDOPTS", asked)
    assert [each.verdict for each in made(tmp_path)] == [Verdict.PARITY]
    assert checks.questions(tmp_path).expressions == ()
    assert capfd.readouterr() == ("", "")
    assert {each.name for each in tmp_path.iterdir()} <= {"pytest.ini", "test_x.py", "__pycache__"}


def test_ctrl_c_comes_through(tmp_path: Path) -> None:
    """Ctrl-C in a check stops the scene, not only the check."""
    (tmp_path / "test_stopped.py").write_text(
        CHECK.format("(_ for _ in ()).throw(KeyboardInterrupt)")
    )
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path)


def test_a_projects_settings_are_not_for_our_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a folder tells pytest concerns the checks of that folder, and no others."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "test_theirs.py").write_text(CHECK.format('"6.1"'))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DriftError, match=f"the checks in {tmp_path} could not be read") as raised:
        checks.questions(tmp_path)
    assert raised.value.hint == f"pytest {tmp_path}"
    assert "--no-such-option" in raised.value.detail
    assert checks.questions().expressions


def test_what_a_folder_asks_is_known_without_a_host(tmp_path: Path) -> None:
    """The constants of a folder's checks are its questions; no check is made for that."""
    constant = (
        "from deployment_drift.probe.questions import Expression\nSUM = Expression('1 + 1')\n"
    )
    (tmp_path / "test_asking.py").write_text(f"{constant}def test_x(same): raise SystemExit\n")
    assert checks.questions(tmp_path).expressions == (Expression("1 + 1"),)


TWICE = """
class TestShop:
    def test_number(self, same):
        first = same(lambda host: host.check_output("echo $PPID"))
        second = same(lambda host: 1)
        assert first and second
"""


def test_a_check_may_compare_twice_and_stand_in_a_class(tmp_path: Path) -> None:
    """A check that fails is not broken where anything that it compared differs."""
    (tmp_path / "test_twice.py").write_text(TWICE)
    assert [each.verdict for each in made(tmp_path)] == [Verdict.DRIFT, Verdict.PARITY]


def test_every_fault_has_a_line(tmp_path: Path) -> None:
    """Of several checks that cannot be read, each is told."""
    for name in ("one", "two"):
        (tmp_path / f"test_{name}.py").write_text(f"import no_module_{name}\n")
    with pytest.raises(DriftError) as raised:
        made(tmp_path)
    first, second = raised.value.detail.splitlines()
    assert first.endswith("No module named 'no_module_one'")
    assert second.endswith("No module named 'no_module_two'")


def test_what_could_not_be_read_is_not_read_the_second_time(tmp_path: Path) -> None:
    """A scene is played again in the same process: a broken file stays a fault beside a parity."""
    (tmp_path / "test_read.py").write_text(CHECK.format("1"))
    (tmp_path / "test_unread.py").write_text("import no_such_module\n")
    for _ in range(2):
        with pytest.raises(DriftError) as raised:
            made(tmp_path)
        assert "no_such_module" in raised.value.detail


def test_a_file_of_another_folder_is_another_file(tmp_path: Path) -> None:
    """Two projects' checks in files of one name are read each from their own folder."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "test_same_name.py").write_text(
            CHECK.format("1").replace("kernel", name)
        )
    assert [made(tmp_path / name)[0].check.name for name in ("one", "two")] == ["one", "two"]
