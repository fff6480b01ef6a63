"""pytest in processes of its own, with this project's plugins."""

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
