"""pytest that compares hosts, on shells of this machine."""

import json
import subprocess
import sys

import pytest

from deployment_drift import paths

pytest_plugins = ["pytester"]

CHECKS = '''
def test_kernel(same):
    """Kernel: it is the host's."""
    assert same(lambda host: host.check_output("uname -s"))


def test_number(same):
    """Number: every shell has another."""
    assert same(lambda host: host.check_output("echo $PPID"))


def test_absent(same):
    """Nothing: it is nowhere."""
    assert same(lambda host: None)


def test_broken(same):
    """Broken: the check has a fault."""
    assert same(lambda host: host.check_output("exit 3"))
'''
PAIR = ("--local=local://", "--release=local://")


@pytest.fixture
def run(pytester: pytest.Pytester) -> pytest.Pytester:
    """Give a folder with four checks."""
    pytester.makepyfile(test_ours=CHECKS)
    return pytester


def outcome(run: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run the checks, in this process: starting others costs most of the time."""
    return run.runpytest_inprocess("-p", "deployment_drift", *options)


def test_same_passes_different_fails_unknown_is_an_error(run: pytest.Pytester) -> None:
    """The same answer passes, another fails, no answer is an error, what is nowhere is skipped."""
    result = outcome(run, *PAIR, "-rs")
    result.assert_outcomes(passed=1, failed=1, errors=1, skipped=1)
    result.stdout.fnmatch_lines(["*not applicable: absent on every host"])


def test_a_failure_names_hosts_and_values(run: pytest.Pytester) -> None:
    """What stands in the report is the sentence, without a traceback."""
    result = outcome(run, *PAIR, "-k", "number")
    result.stdout.re_match_lines([r"Number: local \d+, release \d+", r"every shell has another\."])
    assert "lambda" not in result.stdout.str()


def test_an_error_names_the_host(run: pytest.Pytester) -> None:
    """A check that got no answer says from whom, and why."""
    result = outcome(run, *PAIR, "-k", "broken")
    result.stdout.re_match_lines(
        [r"Broken: local unknown \(the check has ended with AssertionError: .*exit code 3"]
    )


def test_a_host_out_of_reach_is_an_error_in_every_check(run: pytest.Pytester) -> None:
    """Nothing is the same, and nothing differs, on a host that does not answer."""
    result = outcome(run, "--local=local://", "--release=ssh://no-such-host.invalid")
    result.assert_outcomes(errors=4)


@pytest.mark.parametrize("given", [(), ("--local=local://",), ("--release=local://",)])
def test_without_hosts_there_is_nothing_to_compare(
    run: pytest.Pytester, given: tuple[str, ...]
) -> None:
    """Both addresses are needed: what is said without them is one sentence."""
    result = outcome(run, *given)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines == [
        "ERROR: give the hosts to compare: --local ADDRESS --release ADDRESS",
        "",
    ]
    assert "Traceback" not in result.stdout.str()


def test_own_options_of_that_name_stay(run: pytest.Pytester) -> None:
    """A suite whose conftest.py has a `--local` of its own runs as before."""
    run.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--local')\n")
    run.makepyfile(test_ours="def test_it(pytestconfig):\n    assert pytestconfig.option.local")
    outcome(run, "--local=here").assert_outcomes(passed=1)


def test_own_options_are_not_in_the_way_of_checks(run: pytest.Pytester) -> None:
    """Where a project has a `--local` of its own, the sentence says what ours is called there."""
    run.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--local')\n")
    result = outcome(run, "--local=local://", "--release=local://", "-k", "kernel")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: give the hosts to compare: --drift-local * --release * (--local: an option of *"]
    )
    run.makeconftest(
        "def pytest_addoption(parser):\n    for name in ('--local', '--release'):\n"
        "        parser.addoption(name)\n"
    )
    outcome(run, "-k", "kernel").stderr.fnmatch_lines(["*(--local, --release: an option of *"])
    run.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--local')\n")
    named = ("--local=x", "--drift-local=local://", "--release=local://", "-k", "kernel")
    outcome(run, *named).assert_outcomes(passed=1)


def test_a_check_without_words(run: pytest.Pytester) -> None:
    """A check without a docstring is called as its test."""
    run.makepyfile(test_ours=CHECKS.replace('    """Number: every shell has another."""\n', ""))
    result = outcome(run, *PAIR, "-k", "number")
    result.stdout.re_match_lines([r"number: local \d+, release \d+"])


STRANGE = """
import pytest

class Strange(pytest.Item):
    def runtest(self):
        pass

class File(pytest.File):
    def collect(self):
        yield Strange.from_parent(self, name="strange")

def pytest_collect_file(parent, file_path):
    return File.from_parent(parent, path=file_path) if file_path.suffix == ".txt" else None
"""


def test_what_is_no_function_is_left_alone(run: pytest.Pytester) -> None:
    """A suite whose tests are something else than functions runs as before."""
    run.makeconftest(STRANGE)
    run.maketxtfile(strange="")
    outcome(run, "strange.txt").assert_outcomes(passed=1)


def test_allowed_differences_pass(run: pytest.Pytester) -> None:
    """A difference that is allowed passes, and one no longer needed is named at the end."""
    allowed = '[[allowed]]\ncheck = "{}"\nreason = "r"\nexpires = 2036-01-01\n'
    (run.path / "allowed.toml").write_text(allowed.format("number") + allowed.format("kernel"))
    result = outcome(run, *PAIR, "--allowed=allowed.toml", "-k", "number or kernel")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*kernel is no longer needed*"])


def test_a_misspelt_allowance_is_named(run: pytest.Pytester) -> None:
    """A name that no check has is not called unneeded: the likely name is given, if any is."""
    text = '[[allowed]]\ncheck = "{}"\nreason = "r"\nexpires = 2036-01-01\n'
    (run.path / "allowed.toml").write_text(text.format("kernle") + text.format("zzz"))
    result = outcome(run, *PAIR, "--allowed=allowed.toml", "-k", "kernel")
    result.stdout.fnmatch_lines(["*no check called kernle: kernel?", "*no check called zzz"])
    result.stdout.no_fnmatch_line("*no longer needed*")


@pytest.mark.usefixtures("short_program")
def test_what_is_expected_has_to_be_found(run: pytest.Pytester) -> None:
    """Checks that all pass fail the run where what was expected is not there."""
    passing = (*PAIR, "-k", "kernel")
    assert outcome(run, *passing).ret == pytest.ExitCode.OK
    result = outcome(run, *passing, "--expect=php")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["expected but not found: no php on local, release"])


def test_an_expectation_that_there_is_not_is_one_sentence(run: pytest.Pytester) -> None:
    """A misspelt kind is refused before any host is asked."""
    result = outcome(run, *PAIR, "--expect=phpp")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --expect phpp: there is no such kind of thing*php*"])


@pytest.mark.parametrize("option", ["--secret=a*", "--app=srv/shop"])
def test_what_no_host_could_be_asked_is_refused(run: pytest.Pytester, option: str) -> None:
    """A name or a folder that there cannot be is said to be wrong before any host is asked."""
    result = outcome(run, *PAIR, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*argument {option.partition('=')[0]}*: invalid *"])


@pytest.mark.parametrize("option", ["--snapshot=a.json", "--expect=php"])
@pytest.mark.parametrize("several", [["--numprocesses=1"], ["--dist=load", "--tx=2*popen"]])
def test_several_processes_cannot_say_what_all_saw(
    run: pytest.Pytester, option: str, several: list[str]
) -> None:
    """With the options of pytest-xdist, a snapshot or an expectation is refused in one sentence."""
    result = outcome(run, *PAIR, option, *several)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    told = "ERROR: --* needs every check in one process: leave out -n and --dist"
    result.stderr.fnmatch_lines([told])


@pytest.mark.usefixtures("short_program")
def test_a_snapshot_stands_where_an_address_does(run: pytest.Pytester) -> None:
    """What a host was can be compared with what it is."""
    outcome(run, "--local=local://", "--snapshot=then.json", "-k", "kernel or number")
    content = json.loads((run.path / "then.json").read_text())
    assert {seen["check"] for seen in content["observations"]} == {"kernel", "number"}
    result = outcome(run, "--local=then.json", "--release=local://", "-k", "kernel or number")
    result.assert_outcomes(passed=1, failed=1)


@pytest.mark.usefixtures("short_program")
def test_a_fleet_is_named_by_its_addresses(run: pytest.Pytester) -> None:
    """With several releases, each is called by where it is."""
    outcome(run, "--local=local://", "--snapshot=web-1.json", "-k", "number")
    result = outcome(
        run, "--local=local://", "--release=web-1.json", "--release=local://", "-k", "number"
    )
    result.stdout.re_match_lines([r"Number: local \d+, web-1.json \d+, local:// \d+"])


NOTED = """
from deployment_drift import entry, outside_image


@outside_image("kernel")
@entry("every_kernel.name")
def test_noted(same):
    assert same(lambda host: host.check_output("uname -s"))


def test_plain(same):
    assert same(lambda host: host.check_output("uname -m"))
"""


def test_what_is_noted_on_a_check_is_a_marker(run: pytest.Pytester) -> None:
    """By what is noted on their functions, checks are picked or left out."""
    run.makepyfile(test_ours=NOTED)
    outcome(run, *PAIR, "-m", "not outside_image").assert_outcomes(passed=1, deselected=1)
    outcome(run, *PAIR, "-m", "outside_image and entry").assert_outcomes(passed=1, deselected=1)


def test_entry_that_is_noted_can_be_allowed(run: pytest.Pytester) -> None:
    """Whoever allows an entry of a list allows the check that is noted as that entry, no other."""
    run.makepyfile(test_ours=NOTED.replace("uname -s", "echo $PPID"))
    for entry, fails in (("every_kernel.name", 0), ("every_kernel.other", 1)):
        allowed = f'[[allowed]]\ncheck = "{entry}"\nreason = "r"\nexpires = 2099-01-01\n'
        file = run.path / "allowed.toml"
        file.write_text(allowed)
        result = outcome(run, *PAIR, f"--allowed={file}")
        result.assert_outcomes(passed=2 - fails, failed=fails)


PAGE_CHECK = '''
def test_page(same, drift_page):
    """Page: w."""
    assert same(lambda host: host.pages.answer(drift_page))
'''


@pytest.mark.usefixtures("short_program")
def test_pages_of_a_project_are_checks(run: pytest.Pytester) -> None:
    """Each page is a check of its own name, one that cannot be asked an error, and a fault said."""
    run.makepyfile(test_ours=PAGE_CHECK)
    file = run.path / "drift.toml"
    file.write_text("[[pages]]\npath = 'http://127.0.0.1:9/up'\n")
    result = outcome(run, *PAIR, f"--pages={file}", "-v")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_page?127_0_0_1_9_up? ERROR*"])
    result.stdout.re_match_lines([r"Page http://127\.0\.0\.1:9/up: local unknown"])
    file.write_text("[[pages]]\npaht = '/up'\n")
    result = outcome(run, *PAIR, f"--pages={file}")
    assert "drift.toml, line 2: unknown key 'paht': did you mean 'path'?" in str(result.errlines)
    outcome(run, *PAIR).assert_outcomes(skipped=1)


PATHS = '''
def test_files(same):
    """Files: w."""
    assert same(lambda host: [host.check_output("echo /srv/cache/$PPID"), "/srv/kept"])


def test_cache(same):
    """Cache: w."""
    assert same(lambda host: {host.check_output("echo /srv/cache/$PPID"): 1})


def test_nothing(same):
    """Nothing: w."""
    assert same(lambda host: [])
'''


def test_paths_that_are_left_out(run: pytest.Pytester) -> None:
    """What is left out differs nowhere; where nothing else was seen, there is nothing to compare.

    Neither is there in an inventory that is empty on its own.
    """
    run.makepyfile(test_ours=PATHS)
    outcome(run, *PAIR).assert_outcomes(failed=2, skipped=1)
    left = [*PAIR, "--leave-out=/srv/cache/*", "--leave-out=/srv/log/*"]
    outcome(run, *left, "-k", "files or nothing").assert_outcomes(passed=1, skipped=1)
    outcome(run, *left, "-k", "cache").assert_outcomes(skipped=1)


EVIL_CHECK = r"""
EVIL = "\x1b[2J\x9b31m\u202e\x07"


def test_evil(same):
    "Evil: w."
    assert same(lambda host: EVIL + host.check_output("echo $PPID"))


def test_silent(same):
    "Silent: w."
    assert same(lambda host: host.check_output("printf '\\033[2J' >&2; exit 3"))


def test_raising(same):
    "Raising: w."
    assert same(lambda host: int(EVIL))
"""


def test_nothing_is_obeyed(run: pytest.Pytester) -> None:
    """What hosts and allowances say reaches the terminal spelt out, also through pytest."""
    run.makepyfile(test_ours=EVIL_CHECK)
    table = '[[allowed]]\ncheck = "{}"\nreason = "\\u001b[2J"\nexpires = 2036-01-01\n'
    tables = table.format("ev\\u001b[2Jil"), table.format("silent.\\u001b[2J")
    (run.path / "allowed.toml").write_text("".join(tables))
    result = outcome(run, *PAIR, "--allowed=allowed.toml", "--color=no", "-rA")
    result.assert_outcomes(failed=1, errors=2)
    assert {each for each in result.stdout.str() if not each.isprintable()} == {"\n"}
    result.stdout.fnmatch_lines(["*there is no check called ev?x1b?2Jil: evil?"])


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--release=dokcer://web", "the address dokcer://web has an unknown scheme*docker*"),
        ("--release=none.json", "none.json: No such file or directory*"),
        ("--allowed=broken.toml", "broken.toml, line 1: 'allowed' has to be tables*"),
        ("--pages=none.toml", "none.toml cannot be read: No such file or directory*"),
    ],
)
def test_what_was_given_is_judged_before_any_host_is_asked(
    run: pytest.Pytester, option: str, said: str
) -> None:
    """A wrong address or file is one sentence and pytest's status for it, without a traceback."""
    (run.path / "broken.toml").write_text("allowed = 1")
    result = outcome(run, *PAIR, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len(result.errlines) == 2
    result.stderr.fnmatch_lines([f"ERROR: {said}"])
    assert "Traceback" not in result.stdout.str()


def test_a_snapshot_that_cannot_be_written_is_one_sentence(run: pytest.Pytester) -> None:
    """Checks that passed and left no snapshot end with 2, since 1 is a drift."""
    result = outcome(run, "--local=local://", "--snapshot=none/a.json", "-k", "absent")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stderr.fnmatch_lines(["Exit: *none/a.json*No such file or directory*"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "give the hosts to compare"),
        ("--local=local:// --release=local:// -k test_kernel", "2 passed"),
        ("--local=local:// --release=docker://nobody -k test_kernel", "2 errors"),
        (
            "--local=local:// --release=local:// -k test_kernel --assert=plain",
            "leave out --assert=plain",
        ),
    ],
)
def test_optimized_python(words: str, says: str) -> None:
    """What `python -O` leaves out makes no check hold, and is no traceback; in the clone, too."""
    asked = [
        sys.executable,
        "-O",
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "tests/parity/test_system.py",
    ]
    ended = subprocess.run(
        [*asked, *words.split()], cwd=paths.root(), capture_output=True, text=True, check=False
    )
    assert says in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert (ended.returncode == 0) == (says == "2 passed")
