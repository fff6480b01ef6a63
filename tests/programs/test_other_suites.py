"""Suites that know nothing of this project but its plugins, and several processes of pytest."""

import pytest

from deployment_drift import paths
from tests.programs.conftest import fake

pytest_plugins = ["pytester"]

SUITE = """
def test_host(host):
    assert host.run("echo one").stdout == "one\\n"
    assert type(host.backend).__name__ == "ShellBackend"
    assert host.file("/etc/passwd").exists
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Give a folder with a testinfra suite that knows nothing of this project."""
    monkeypatch.setenv("PYTHONPATH", str(paths.root()))
    monkeypatch.setenv("PATH", str(pytester.path), prepend=":")
    pytester.makepyfile(SUITE)
    return pytester


def test_in_another_suite(suite: pytest.Pytester) -> None:
    """The plugin and `--hosts=shell+docker://NAME` are all that a suite of testinfra's needs."""
    fake(suite.path, "docker", 'shift 3; exec "$@"')
    result = suite.runpytest_subprocess(
        "-Werror",
        "-p",
        "deployment_drift.probe.shell",
        "-v",
        "--hosts=shell+docker://web,shell+local://",
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*test_host?docker://web? PASSED*", "*test_host?local://?*"])


def another_suite(suite: pytest.Pytester, address: str) -> pytest.RunResult:
    """Run a suite of testinfra's that knows nothing of this project but its plugin."""
    suite.makepyfile("def test_host(host):\n    assert host.check_output('echo one') == 'one'\n")
    return suite.runpytest_inprocess("-p", "deployment_drift.probe.shell", f"--hosts={address}")


def test_another_suite(suite: pytest.Pytester) -> None:
    """A suite of testinfra's asks through the kept shell when its address says so."""
    another_suite(suite, "shell+local://").assert_outcomes(passed=1)


def test_unreachable_in_another_suite(suite: pytest.Pytester) -> None:
    """A host that cannot be reached fails its tests, not the collection."""
    fake(suite.path, "docker", "echo 'No such container: web' >&2; exit 1")
    result = another_suite(suite, "shell+docker://web")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*docker://web cannot be reached: No such container: web*"])


def test_wrong_address_in_another_suite(suite: pytest.Pytester) -> None:
    """An option that testinfra would drop silently stops the run."""
    result = another_suite(suite, "shell+docker://w?tmeout=1")
    result.stderr.fnmatch_lines(["*unknown option: 'tmeout'; type timeout*"])


CHECK = '''
def test_kernel(same):
    """Kernel: it is the host's."""
    assert same(lambda host: host.check_output("uname -s"))
'''


def test_several_processes_compare(pytester: pytest.Pytester) -> None:
    """With pytest-xdist each process asks for itself what its checks need."""
    pytester.makepyfile(test_ours=CHECK)
    pair = ("--local=local://", "--release=local://")
    result = pytester.runpytest_inprocess("-p", "deployment_drift", *pair, "--numprocesses=1")
    assert result.ret == pytest.ExitCode.OK
